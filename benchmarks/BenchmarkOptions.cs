using Microsoft.ML.Dcgan.Benchmarks.Experiments;
using Microsoft.ML.Dcgan.Benchmarks.Speed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>What the command line asks of a benchmark, with the defaults of most.</summary>
internal sealed record BenchmarkOptions
{
    public const int NoiseSize = 100;

    public int Size { get; init; } = 64;

    public int Channels { get; init; } = 3;

    public int Batch { get; init; } = 64;

    public int Maps { get; init; } = 64;

    public int Rounds { get; init; } = 7;

    public int Steps { get; init; } = 3;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public int Seeds { get; init; } = 3;

    /// <summary>The seeds that were named one by one; none if none was.</summary>
    public IReadOnlyList<int> NamedSeeds { get; init; } = [];

    public int Images { get; init; } = 120_000;

    /// <summary>Images between two samples that are judged, too; 0: only those of the end.</summary>
    public int CurveInterval { get; init; }

    /// <summary>Whether distances are measured in ResNet18's features, too.</summary>
    public bool Network { get; init; }

    public int Pictures { get; init; } = 20_000;

    public int Epochs { get; init; } = 16;

    public double ExampleRate { get; init; } = ExampleLoop.OwnLearningRate;

    public int Labelled { get; init; } = 10_000;

    public string Output { get; init; } = "out/quality";

    public int Count { get; init; } = 1_000_000;

    public int Samples { get; init; } = 50_000;

    public int Features { get; init; } = 2048;

    public string CacheFolder { get; init; } = System.IO.Path.GetTempPath();

    public string Folder { get; init; } = "out/demo/images";

    public torch.Device Device { get; init; } = torch.CPU;

    /// <summary>The networks that step and generate compare, with first weights.</summary>
    public GanNetworks MakeNetworks(torch.Generator random)
    {
        var networks = new GanNetworks(new NetworkShape(Size, Size, Channels, NoiseSize, Maps, Maps, KernelSize: 4), Device,
            PrecisionChoice.Choose(Precision, Device));
        networks.Initialize(random);
        return networks;
    }

    public string Model { get; init; } = "out/demo/fashion-mnist.zip";

    public int Inverted { get; init; } = 100;

    public int Clients { get; init; } = 200;

    public int Seconds { get; init; } = 60;

    public double Hostile { get; init; } = 0.2;

    public string Python { get; init; } = "/usr/bin/python3";

    public string Scripts { get; init; } = "benchmarks/python";

    public DcganPrecision Precision { get; init; } = DcganPrecision.Auto;

    /// <summary>fashion, colour or faces: what the benchmarks of quality train on.</summary>
    public string Data { get; init; } = PictureSet.Fashion;

    /// <summary>Each a <see cref="Configuration"/>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public IReadOnlyList<int> SeedList => NamedSeeds.Count > 0 ? [.. NamedSeeds.Distinct()] : [.. Enumerable.Range(1, Seeds)];
}
