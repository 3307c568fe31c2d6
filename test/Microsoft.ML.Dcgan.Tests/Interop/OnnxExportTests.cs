using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Tests.Interop;

/// <summary>Exported models, checked by ONNX's own checker and run by OpenCV and by NumPy: see test/python/onnx_check.py.</summary>
[TestClass]
public sealed class OnnxExportTests
{
    private const int Rows = 64;
    private static readonly string[] _modules = ["cv2", "onnx"];

    private static readonly Dictionary<string, NetworkShape> _shapes = new()
    {
        ["28x28x1"] = new NetworkShape(28, 28, 1, 10, 4, 2, 4),
        ["64x64x3"] = new NetworkShape(64, 64, 3, 20, 3, 2, 4),
        ["not square, odd"] = new NetworkShape(27, 46, 3, 6, 3, 2, 4),
        ["kernels of 5"] = new NetworkShape(30, 45, 3, 6, 3, 2, 5),
        ["resize-convolutions"] = new NetworkShape(32, 24, 3, 6, 3, 2, 4) { Upsampling = DcganUpsampling.ResizeConvolution },
        ["resize-convolutions of 5, odd"] = new NetworkShape(27, 46, 1, 6, 3, 2, 5) { Upsampling = DcganUpsampling.ResizeConvolution },
    };

    private static IEnumerable<object[]> Shapes => _shapes.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Other_runtimes_make_the_same_pixels(string name)
    {
        NetworkShape shape = _shapes[name];
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(shape);
        float[] noise = RandomModels.Noise(Rows, shape.NoiseSize);
        JsonNode result = Check(gan, folder, noise, RandomModels.Pixels(gan, noise));
        Assert.AreEqual($$"""[["noise","float32",["batch",{{shape.NoiseSize}}]]]""", result["inputs"]!.ToJsonString());
        Assert.AreEqual($$"""[["image","float32",["batch",{{shape.Channels}},{{shape.Height}},{{shape.Width}}]]]""", result["outputs"]!.ToJsonString());
        Assert.AreEqual((8, 17), ((int)result["ir"]!, (int)result["operatorSet"]!));
        foreach (string runtime in new[] { "numpy", "opencv", "single" })
            Assert.IsLessThan(1e-4, (double)result[runtime]!, runtime);
    }

    [TestMethod]
    public void Classes_are_numbers_or_one_hot()
    {
        var shape = new NetworkShape(16, 12, 3, 6, 3, 2, 4) { Classes = 5 };
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(shape);
        float[] noise = RandomModels.Noise(Rows, 6);
        long[] labels = Enumerable.Range(0, Rows).Select(row => row * 7L % 5).ToArray();
        float[] pixels = RandomModels.Pixels(gan, noise, labels);

        JsonNode numbers = Check(gan, folder, noise, pixels, labels);
        Assert.AreEqual("""[["noise","float32",["batch",6]],["label","int64",["batch"]]]""", numbers["inputs"]!.ToJsonString());
        Assert.IsLessThan(1e-4, (double)numbers["numpy"]!);
        CollectionAssert.AreEqual(gan.Classes.ToArray(),
            JsonNode.Parse((string)numbers["metadata"]!["classes"]!)!.AsArray().Select(value => (string)value!).ToArray());

        float[] oneHot = labels.SelectMany(label => Enumerable.Range(0, 5).Select(place => place == label ? 1f : 0f)).ToArray();
        JsonNode places = Check(gan, folder, noise, pixels, oneHot,
            new DcganOnnxOptions { OneHotLabels = true, NoiseName = "z", LabelName = "y", OutputName = "x" });
        Assert.AreEqual("""[["z","float32",["batch",6]],["y","float32",["batch",5]]]""", places["inputs"]!.ToJsonString());
        foreach (string runtime in new[] { "numpy", "opencv", "single" })
            Assert.IsLessThan(1e-4, (double)places[runtime]!, runtime);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Bytes_are_those_of_the_transformers_pictures(int channels)
    {
        var shape = new NetworkShape(18, 16, channels, 6, 3, 2, 4) { NoiseDistribution = DcganNoise.Uniform };
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(shape);
        float[] noise = Noise(gan, Rows);
        byte[] bytes = gan.Generate(Rows).SelectMany(image => Bytes(image, channels)).ToArray();
        JsonNode result = Check(gan, folder, noise, bytes, new DcganOnnxOptions { BytePixels = true });
        Assert.AreEqual($$"""[["image","uint8",["batch",18,16,{{channels}}]]]""", result["outputs"]!.ToJsonString());
        Assert.AreEqual("uniform in [-1, 1)", (string)result["metadata"]!["noise"]!);
        // A level where a number lies between two.
        Assert.IsLessThanOrEqualTo(1.0, (double)result["numpy"]!);
    }

    [TestMethod]
    public void Bad_names_are_refused()
    {
        using DcganTransformer gan = RandomModels.Make(new NetworkShape(8, 8, 1, 6, 3, 2, 4));
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            gan.ExportOnnx("x.onnx", new DcganOnnxOptions { NoiseName = "image" })).Message, "they must differ");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            gan.ExportOnnx("x.onnx", new DcganOnnxOptions { OutputName = " " })).Message, "OutputName is empty");
    }

    private static JsonNode Check<TPixel>(DcganTransformer gan, Folder folder, float[] noise, TPixel[] pixels,
        DcganOnnxOptions? options = null) where TPixel : unmanaged =>
        Check<TPixel, long>(gan, folder, noise, pixels, null, options);

    private static JsonNode Check<TPixel, TLabel>(DcganTransformer gan, Folder folder, float[] noise, TPixel[] pixels, TLabel[]? labels,
        DcganOnnxOptions? options = null)
        where TPixel : unmanaged where TLabel : unmanaged
    {
        gan.ExportOnnx(folder["gan.onnx"], options);
        WeightsExportTests.Write(folder["noise"], noise);
        WeightsExportTests.Write(folder["pixels"], pixels);
        if (labels == null)
            return Python.Run(_modules, "onnx_check.py", folder["gan.onnx"], folder["noise"], folder["pixels"]);
        WeightsExportTests.Write(folder["labels"], labels);
        return Python.Run(_modules, "onnx_check.py", folder["gan.onnx"], folder["noise"], folder["pixels"], "--labels", folder["labels"]);
    }

    private static float[] Noise(DcganTransformer gan, int count)
    {
        IDataView view = gan.SampleNoise(count);
        return view.GetColumn<float[]>("Noise").SelectMany(row => row).ToArray();
    }

    private static IEnumerable<byte> Bytes(GeneratedImage image, int channels)
    {
        byte[] pixels = GeneratedPictures.Bytes(image);
        for (int pixel = 0; pixel < pixels.Length; pixel += 4)
            for (int channel = 0; channel < channels; channel++)
                yield return pixels[pixel + 2 - channel];
    }
}
