using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>Trains on Fashion-MNIST and leaves samples in a file: pictures of 32x32 bytes, one after the other.</summary>
internal sealed class TrainedSamples(BenchmarkOptions options)
{
    public const int Count = 10_000;

    private readonly (int Pictures, int Epochs) _passes = FashionMnist.Passes(options.Images);

    public void Describe() => Report.Line(
        $"Fashion-MNIST with a border, 32x32x1: {_passes.Pictures} pictures, epochs: {_passes.Epochs}, batch {options.Batch}, {options.Maps} feature maps; {Count} samples");

    /// <summary>This library's, through its public API.</summary>
    public string Ours(DcganPrecision precision, int seed)
    {
        string file = Path.Combine(options.Output, $"{precision}-{seed}.bytes");
        set_num_threads(options.Threads);
        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, _passes.Pictures);
        using DcganTransformer gan = JudgedModel.Train(options with { Epochs = _passes.Epochs, Precision = precision }, pictures, seed);
        File.WriteAllBytes(file + ".partial", JudgedModel.Samples(gan, Count, seed));
        File.Move(file + ".partial", file, overwrite: true);
        return file;
    }

    /// <summary>Those of PyTorch's official example.</summary>
    public string Theirs(int seed)
    {
        string file = Path.Combine(options.Output, $"example-{seed}.bytes");
        FormattableString arguments = $"--batch {options.Batch} --maps {options.Maps} --threads {options.Threads} --pictures {_passes.Pictures} --epochs {_passes.Epochs} --samples {Count} --seed {seed}";
        JsonElement result = PythonScript.Run(options, "dcgan_samples.py", [.. FormattableString.Invariant(arguments).Split(' '), file]).Single();
        Report.Line($"seed {seed}: PyTorch's example trained {result.GetProperty("steps").GetInt32()} steps in {TimeSpan.FromSeconds(result.GetProperty("seconds").GetDouble()):mm\\:ss}");
        return file;
    }
}
