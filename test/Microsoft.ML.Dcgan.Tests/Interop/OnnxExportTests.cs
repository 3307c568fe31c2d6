using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Tests.Interop;

/// <summary>Exported generators, run by ONNX Runtime.</summary>
[TestClass]
public sealed class OnnxExportTests
{
    private const int Rows = 64;
    private readonly MLContext _ml = new(seed: 1);

    private static readonly Dictionary<string, NetworkShape> _shapes = new()
    {
        ["28x28x1"] = new NetworkShape(28, 28, 1, 10, 4, 2, 4),
        ["64x64x3"] = new NetworkShape(64, 64, 3, 20, 3, 2, 4),
        ["48x64x3"] = new NetworkShape(48, 64, 3, 20, 3, 2, 4) { NoiseDistribution = DcganNoise.Uniform },
        ["28x28x1, classes"] = new NetworkShape(28, 28, 1, 10, 4, 2, 4) { Classes = 3 },
        ["48x64x3, classes"] = new NetworkShape(48, 64, 3, 6, 3, 2, 4) { Classes = 5 },
        ["odd"] = new NetworkShape(27, 46, 3, 6, 3, 2, 4),
        ["kernels of 5"] = new NetworkShape(30, 45, 3, 6, 3, 2, 5),
        ["resize-convolutions"] = new NetworkShape(32, 24, 3, 6, 3, 2, 4) { Upsampling = DcganUpsampling.ResizeConvolution },
        ["resize-convolutions of 5, odd"] = new NetworkShape(27, 46, 1, 6, 3, 2, 5) { Upsampling = DcganUpsampling.ResizeConvolution },
    };

    private static IEnumerable<object[]> Shapes => _shapes.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void ONNX_Runtime_makes_the_same_pictures(string name)
    {
        NetworkShape shape = _shapes[name];
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(shape);
        float[] noise = gan.SampleNoise(Rows, seed: 3).GetColumn<float[]>("Noise").SelectMany(row => row).ToArray();
        long[]? labels = shape.Classes == 0 ? null : [.. Enumerable.Range(0, Rows).Select(row => (long)row % shape.Classes)];
        byte[] pictures = [.. gan.Generate(Rows, seed: 3).SelectMany(image => Bytes(image, shape.Channels))];
        float[] pixels = RandomModels.Pixels(gan, noise, labels);

        foreach (bool oneHot in labels == null ? [false] : new[] { false, true })
        {
            Array[] inputs = labels == null ? [noise] : oneHot ? [noise, OneHot(labels, shape.Classes)] : [noise, labels];
            gan.ExportOnnx(folder["numbers.onnx"], new DcganOnnxOptions { OneHotLabels = oneHot });
            gan.ExportOnnx(folder["bytes.onnx"], new DcganOnnxOptions { OneHotLabels = oneHot, BytePixels = true });
            using OnnxModel numbers = new(folder["numbers.onnx"]), bytes = new(folder["bytes.onnx"]);
            string label = labels == null ? "" : oneHot ? $", label Single [batch, {shape.Classes}]" : ", label Int64 [batch]";
            Assert.AreEqual($"noise Single [batch, {shape.NoiseSize}]{label}", numbers.Inputs);
            Assert.AreEqual(numbers.Inputs, bytes.Inputs);
            Assert.AreEqual($"image Single [batch, {shape.Channels}, {shape.Height}, {shape.Width}]", numbers.Outputs);
            Assert.AreEqual($"image Byte [batch, {shape.Height}, {shape.Width}, {shape.Channels}]", bytes.Outputs);
            foreach (int rows in new[] { 1, 7, Rows })
            {
                float[] made = numbers.Run<float>(rows, inputs);
                int size = made.Length;
                Assert.AreEqual(rows * shape.Channels * shape.Height * shape.Width, size);
                Assert.IsLessThan(1e-4, RandomModels.Difference(pixels[..size], made));
                Assert.IsLessThanOrEqualTo(1, Levels(pictures[..size], Interleaved(made, shape)));
                Assert.IsLessThanOrEqualTo(1, Levels(pictures[..size], bytes.Run<byte>(rows, inputs)));
            }
        }
    }

    [TestMethod]
    [DataRow("28x28x1")]
    [DataRow("64x64x3")]
    [DataRow("48x64x3, classes")]
    public void ApplyOnnxModel_makes_the_same_pictures_a_row_at_a_time(string name)
    {
        NetworkShape shape = _shapes[name];
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(shape);
        // A class as a key is what MapKeyToVector reads; its number is a vector of one, since ML.NET makes more of a scalar.
        IDataView noise = gan.SampleNoise(7, seed: 3);
        if (shape.Classes > 0)
        {
            noise = _ml.Transforms.Conversion.MapKeyToVector("places", "Label")
                .Append(_ml.Transforms.CustomMapping<KeyRow, NumberRow>((from, to) => to.Number = [from.Label - 1L], null))
                .Fit(noise).Transform(noise);
        }
        byte[] pictures = [.. gan.Generate(7, seed: 3).SelectMany(image => Bytes(image, shape.Channels))];

        foreach (bool oneHot in shape.Classes == 0 ? [false] : new[] { false, true })
        {
            var options = new DcganOnnxOptions { InputName = "Noise", LabelName = oneHot ? "places" : "Number", OneHotLabels = oneHot };
            gan.ExportOnnx(folder["gan.onnx"], options);
            IDataView generated = Apply();
            Assert.AreEqual($"Vector<Single, 1, {shape.Channels}, {shape.Height}, {shape.Width}>",
                generated.Schema["image"].Type.ToString());
            float[] numbers = [.. generated.GetColumn<float[]>("image").SelectMany(row => row)];
            Assert.IsLessThanOrEqualTo(1, Levels(pictures, Interleaved(numbers, shape)));

            options.BytePixels = true;
            gan.ExportOnnx(folder["gan.onnx"], options);
            generated = Apply();
            Assert.AreEqual($"Vector<Byte, 1, {shape.Height}, {shape.Width}, {shape.Channels}>",
                generated.Schema["image"].Type.ToString());
            Assert.IsLessThanOrEqualTo(1, Levels(pictures, [.. generated.GetColumn<byte[]>("image").SelectMany(row => row)]));

            IDataView Apply() => _ml.Transforms
                .ApplyOnnxModel(["image"], shape.Classes == 0 ? ["Noise"] : ["Noise", options.LabelName], folder["gan.onnx"])
                .Fit(noise).Transform(noise);
        }
    }

    [TestMethod]
    public void A_file_says_what_it_is()
    {
        using var folder = new Folder();
        using DcganTransformer uniform = RandomModels.Make(_shapes["48x64x3"]), ofClasses = RandomModels.Make(_shapes["28x28x1, classes"]);
        uniform.ExportOnnx(folder["uniform.onnx"]);
        ofClasses.ExportOnnx(folder["classes.onnx"]);
        using OnnxModel first = new(folder["uniform.onnx"]), second = new(folder["classes.onnx"]);
        Assert.AreEqual("uniform in [-1, 1)", first.Metadata["noise"]);
        Assert.AreEqual("normal, mean 0, deviation 1", second.Metadata["noise"]);
        Assert.IsFalse(first.Metadata.ContainsKey("classes"));
        CollectionAssert.AreEqual(ofClasses.Classes.ToArray(), JsonSerializer.Deserialize<string[]>(second.Metadata["classes"]));
        // Fields of onnx.proto's ModelProto: ir_version, the first, is 8; opset_import is of the default domain and version 17.
        byte[] file = File.ReadAllBytes(folder["uniform.onnx"]);
        CollectionAssert.AreEqual(new byte[] { 0x08, 8 }, file[..2]);
        Assert.IsGreaterThan(0, file.AsSpan().LastIndexOf(new byte[] { 0x42, 4, 0x0a, 0, 0x10, 17 }));
    }

    [TestMethod]
    public void Names_are_free_but_must_differ()
    {
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(_shapes["28x28x1, classes"]);
        // What could be a value's within.
        gan.ExportOnnx(folder["x.onnx"],
            new DcganOnnxOptions { BytePixels = true, InputName = "first", LabelName = "one_hot", OutputName = "scaled" });
        using (var model = new OnnxModel(folder["x.onnx"]))
        {
            Assert.AreEqual("first Single [batch, 10], one_hot Int64 [batch]", model.Inputs);
            Assert.AreEqual("scaled Byte [batch, 28, 28, 1]", model.Outputs);
        }

        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            gan.ExportOnnx("x.onnx", new DcganOnnxOptions { InputName = "image" })).Message,
            "InputName is 'image', LabelName 'label' and OutputName 'image', but they must differ");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            gan.ExportOnnx("x.onnx", new DcganOnnxOptions { OutputName = " " })).Message, "OutputName is empty, but it must be a name");
    }

    private static float[] OneHot(long[] labels, int classes) =>
        [.. labels.SelectMany(label => Enumerable.Range(0, classes).Select(place => place == label ? 1f : 0f))];

    // Planes in [-1, 1] as bytes, a pixel's channels together.
    private static byte[] Interleaved(float[] planes, NetworkShape shape)
    {
        int plane = shape.Height * shape.Width;
        return [.. from image in planes.Chunk(shape.Channels * plane)
                   from pixel in Enumerable.Range(0, plane)
                   from channel in Enumerable.Range(0, shape.Channels)
                   select (byte)Math.Round((image[channel * plane + pixel] + 1) * 127.5)];
    }

    private static int Levels(byte[] expected, byte[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        return expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));
    }

    private static IEnumerable<byte> Bytes(GeneratedImage image, int channels)
    {
        byte[] pixels = GeneratedPictures.Bytes(image);
        for (int pixel = 0; pixel < pixels.Length; pixel += 4)
            for (int channel = 0; channel < channels; channel++)
                yield return pixels[pixel + 2 - channel];
    }

    private sealed class KeyRow
    {
        [KeyType(5)]
        public uint Label { get; set; }
    }

    private sealed class NumberRow
    {
        [VectorType(1)]
        public long[] Number { get; set; } = [];
    }
}
