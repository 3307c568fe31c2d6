using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Tests.Interop;

/// <summary>Exported featurizers and realness scorers, run by ONNX Runtime.</summary>
[TestClass]
public sealed class OnnxDiscriminatorTests
{
    private const int Rows = 64;
    private readonly MLContext _ml = new(seed: 1);

    private static readonly Dictionary<string, NetworkShape> _shapes = new()
    {
        ["28x28x1"] = new NetworkShape(28, 28, 1, 5, 2, 3, 4),
        ["64x64x3"] = new NetworkShape(64, 64, 3, 5, 2, 3, 4),
        ["48x64x3"] = new NetworkShape(48, 64, 3, 5, 2, 3, 4),
        ["smallest"] = new NetworkShape(8, 8, 1, 5, 2, 3, 4),
        ["wide"] = new NetworkShape(8, 64, 1, 5, 2, 3, 4),
        ["odd"] = new NetworkShape(27, 46, 3, 5, 2, 3, 4),
        ["kernels of 5"] = new NetworkShape(30, 45, 3, 5, 2, 3, 5),
        ["classes"] = new NetworkShape(16, 20, 3, 5, 2, 3, 4) { Classes = 3 },
        ["spectral normalisation"] = new NetworkShape(32, 32, 3, 5, 2, 3, 4) { DiscriminatorNormalization = DcganNormalization.Spectral },
        ["no normalisation"] = new NetworkShape(32, 32, 3, 5, 2, 3, 4) { DiscriminatorNormalization = DcganNormalization.None },
        ["minibatch deviation"] = new NetworkShape(32, 32, 3, 5, 2, 3, 4) { MinibatchDeviation = true },
        ["all of it"] = new NetworkShape(27, 18, 3, 5, 2, 3, 5)
        {
            Classes = 4,
            DiscriminatorNormalization = DcganNormalization.Spectral,
            MinibatchDeviation = true,
        },
    };

    private static IEnumerable<object[]> Shapes => _shapes.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void ONNX_Runtime_sees_the_same_in_pictures(string name)
    {
        NetworkShape shape = _shapes[name];
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(shape);
        using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: "Pixels");
        using DcganRealnessScorer scorer = gan.RealnessScorer(inputColumnName: "Pixels");
        IDataView pictures = Pictures.View(_ml, Rows, shape.Height, shape.Width, shape.Channels);
        float[] pixels = [.. pictures.GetColumn<float[]>("Pixels").SelectMany(row => row)];
        byte[] levels = [.. Enumerable.Range(0, Rows)
            .SelectMany(i => Pictures.Interleaved(Pictures.Bytes(i, shape.Height, shape.Width, shape.Channels), shape.Channels))];
        float[] features = [.. featurizer.Transform(pictures).GetColumn<float[]>("Features").SelectMany(row => row)];
        float[] realness = [.. scorer.Transform(pictures).GetColumn<float>("Realness")];
        // Not all the same, nor all certain.
        Assert.IsGreaterThan(0.05f, realness.Max() - realness.Min());
        Assert.IsTrue(realness.All(score => score is > 0.001f and < 0.999f), string.Join(' ', realness));

        foreach (bool bytes in new[] { false, true })
        {
            Array input = bytes ? levels : pixels;
            var options = new DcganOnnxOptions { BytePixels = bytes };
            featurizer.ExportOnnx(folder["features.onnx"], options);
            scorer.ExportOnnx(folder["realness.onnx"], options);
            using OnnxModel seen = new(folder["features.onnx"]), judged = new(folder["realness.onnx"]);
            Assert.AreEqual(bytes ? $"image Byte [batch, {shape.Height}, {shape.Width}, {shape.Channels}]"
                : $"image Single [batch, {shape.Channels}, {shape.Height}, {shape.Width}]", seen.Inputs);
            Assert.AreEqual(seen.Inputs, judged.Inputs);
            Assert.AreEqual($"features Single [batch, {featurizer.FeatureSize}]", seen.Outputs);
            Assert.AreEqual("realness Single [batch]", judged.Outputs);
            foreach (int rows in new[] { 1, 7, Rows })
            {
                float[] expected = features[..(rows * featurizer.FeatureSize)];
                Assert.IsLessThan(1e-5 * expected.Max(Math.Abs), RandomModels.Difference(expected, seen.Run<float>(rows, input)));
                Assert.IsLessThan(1e-5, RandomModels.Difference(realness[..rows], judged.Run<float>(rows, input)));
            }
        }
    }

    [TestMethod]
    public void ApplyOnnxModel_reads_pictures_without_this_library()
    {
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(_shapes["48x64x3"]);
        using DcganFeaturizer featurizer = gan.Featurizer("Expected", "Picture");
        IDataView paths = _ml.Data.LoadFromEnumerable(
            Pictures.Files(folder["pictures"], 5, 48, 64).Select(file => new FileRow { Path = file }).ToList());
        IDataView pictures = _ml.Transforms.LoadImages("Picture", null, "Path")
            .Append(_ml.Transforms.ResizeImages("Picture", 64, 48)).Fit(paths).Transform(paths);
        float[] expected = [.. featurizer.Transform(pictures).GetColumn<float[]>("Expected").SelectMany(row => row)];

        foreach (bool bytes in new[] { false, true })
        {
            featurizer.ExportOnnx(folder["features.onnx"], new DcganOnnxOptions { BytePixels = bytes });
            IDataView seen = (bytes
                    ? _ml.Transforms.ExtractPixels("image", "Picture", interleavePixelColors: true, outputAsFloatArray: false)
                    : _ml.Transforms.ExtractPixels("image", "Picture", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
                .Append(_ml.Transforms.ApplyOnnxModel("features", "image", folder["features.onnx"]))
                .Fit(pictures).Transform(pictures);
            Assert.AreEqual($"Vector<Single, 1, {featurizer.FeatureSize}>", seen.Schema["features"].Type.ToString());
            float[] features = [.. seen.GetColumn<float[]>("features").SelectMany(row => row)];
            Assert.IsLessThan(1e-5 * expected.Max(Math.Abs), RandomModels.Difference(expected, features));
        }
    }

    [TestMethod]
    public void A_failed_export_leaves_the_old_file()
    {
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(_shapes["smallest"]);
        using DcganFeaturizer featurizer = gan.Featurizer();
        using DcganRealnessScorer scorer = gan.RealnessScorer();
        featurizer.ExportOnnx(folder["d.onnx"], new DcganOnnxOptions { InputName = "x", OutputName = "y" });
        byte[] old = File.ReadAllBytes(folder["d.onnx"]);
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            scorer.ExportOnnx(folder["d.onnx"], new DcganOnnxOptions { InputName = "realness" })).Message, "OutputName 'realness'");
        featurizer.Dispose();
        scorer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => featurizer.ExportOnnx(folder["d.onnx"]));
        Assert.Throws<ObjectDisposedException>(() => scorer.ExportOnnx(folder["d.onnx"]));
        CollectionAssert.AreEqual(old, File.ReadAllBytes(folder["d.onnx"]));
        Assert.HasCount(1, folder.Files);
    }
}
