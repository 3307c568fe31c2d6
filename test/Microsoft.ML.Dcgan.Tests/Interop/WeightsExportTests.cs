using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Tests.Interop;

[TestClass]
public sealed class WeightsExportTests
{
    private static readonly string[] _modules = ["torch", "numpy"];
    private readonly MLContext _ml = new(seed: 1);

    private static readonly Dictionary<string, NetworkShape> _shapes = new()
    {
        ["64x64x3"] = new NetworkShape(64, 64, 3, 5, 3, 2, 4),
        ["28x28x1"] = new NetworkShape(28, 28, 1, 5, 2, 3, 4),
        ["not square, odd"] = new NetworkShape(29, 47, 3, 5, 2, 2, 4),
        ["smallest"] = new NetworkShape(8, 8, 1, 1, 2, 2, 4),
        ["kernels of 5"] = new NetworkShape(30, 45, 3, 5, 2, 2, 5),
        ["resize-convolutions"] = new NetworkShape(30, 45, 1, 5, 2, 2, 4) { Upsampling = DcganUpsampling.ResizeConvolution },
        ["resize-convolutions of 5"] = new NetworkShape(32, 16, 3, 5, 2, 2, 5) { Upsampling = DcganUpsampling.ResizeConvolution },
        ["classes"] = new NetworkShape(16, 16, 3, 5, 2, 2, 4) { Classes = 3 },
        ["spectral normalisation"] = new NetworkShape(32, 32, 3, 5, 2, 2, 4) { DiscriminatorNormalization = DcganNormalization.Spectral },
        ["minibatch deviation"] = new NetworkShape(32, 32, 3, 5, 2, 2, 4) { MinibatchDeviation = true },
        ["no normalisation"] = new NetworkShape(32, 32, 3, 5, 2, 2, 4) { DiscriminatorNormalization = DcganNormalization.None },
    };

    private static IEnumerable<object[]> Shapes => _shapes.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void What_is_exported_can_be_imported(string name)
    {
        NetworkShape shape = _shapes[name];
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(shape);
        gan.ExportPyTorch(folder["netG.pth"], folder["netD.pth"]);
        gan.ExportSafetensors(folder["netG.safetensors"], folder["netD.safetensors"]);
        Assert.HasCount(4, folder.Files);

        float[] noise = RandomModels.Noise(2, shape.NoiseSize);
        long[]? labels = shape.Classes > 0 ? [2, 0] : null;
        float[] pixels = RandomModels.Pixels(gan, noise, labels), logits = RandomModels.Logits(gan, pixels);
        foreach (string extension in new[] { ".pth", ".safetensors" })
        {
            var options = new DcganImportOptions
            {
                Classes = RandomModels.Classes(shape),
                ImageHeight = shape.Height,
                ImageWidth = shape.Width
            };
            using DcganTransformer again = _ml.Model.ImportDcgan(folder["netG" + extension], folder["netD" + extension], options);
            Assert.AreEqual(shape, again.Networks.Shape);
            CollectionAssert.AreEqual(pixels, RandomModels.Pixels(again, noise, labels));
            CollectionAssert.AreEqual(logits, RandomModels.Logits(again, pixels));
            CollectionAssert.AreEqual(gan.Classes.ToArray(), again.Classes.ToArray());
        }
    }

    [TestMethod]
    [DataRow(64, 3, false, ".pth")]
    [DataRow(16, 1, false, ".safetensors")]
    [DataRow(32, 3, true, ".pth")]
    public void PyTorch_loads_it_strictly_and_makes_the_same_pixels(int size, int channels, bool spectral, string extension)
    {
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(new NetworkShape(size, size, channels, 6, 3, 3, 4)
        {
            DiscriminatorNormalization = spectral ? DcganNormalization.Spectral : DcganNormalization.Batch,
        });
        string generator = folder["netG" + extension], discriminator = folder["netD" + extension];
        if (extension == ".pth")
            gan.ExportPyTorch(generator, discriminator);
        else
            gan.ExportSafetensors(generator, discriminator);
        float[] noise = RandomModels.Noise(8, 6), pixels = RandomModels.Pixels(gan, noise);
        Write(folder["noise"], noise);
        Write(folder["pixels"], pixels);
        Write(folder["logits"], RandomModels.Logits(gan, pixels));

        JsonNode result = Python.Run(_modules, "pytorch_check.py",
            [generator, discriminator, folder["noise"], folder["pixels"], folder["logits"], $"--size={size}", $"--channels={channels}",
                "--noise=6", "--maps=3", .. spectral ? ["--spectral"] : Array.Empty<string>()]);
        Assert.IsLessThan(1e-5, (double)result["pixels"]!);
        Assert.IsLessThan(1e-4, (double)result["logits"]!);
    }

    [TestMethod]
    public void The_archive_is_laid_out_as_PyTorchs()
    {
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(new NetworkShape(16, 16, 3, 6, 3, 3, 4));
        gan.ExportPyTorch(folder["netG.pth"]);
        byte[] file = File.ReadAllBytes(folder["netG.pth"]);
        using var zip = new ZipArchive(new MemoryStream(file));
        string[] names = zip.Entries.Select(entry => entry.FullName).ToArray();
        CollectionAssert.IsSubsetOf(new[] { "archive/data.pkl", "archive/version", "archive/byteorder", "archive/data/0" }, names);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            // PyTorch reads what is stored as it is.
            Assert.AreEqual(entry.Length, entry.CompressedLength);
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            Assert.IsGreaterThan(-1, file.AsSpan().IndexOf(content.ToArray()), entry.FullName);
        }
        gan.ExportPyTorch(folder["again.pth"]);
        CollectionAssert.AreEqual(file, File.ReadAllBytes(folder["again.pth"]));
    }

    [TestMethod]
    public void A_failed_export_leaves_the_old_file()
    {
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(new NetworkShape(16, 16, 3, 6, 3, 3, 4));
        gan.ExportPyTorch(folder["netG.pth"]);
        byte[] old = File.ReadAllBytes(folder["netG.pth"]);
        Directory.CreateDirectory(folder["netD.pth"]);
        Assert.Throws<IOException>(() => gan.ExportPyTorch(folder["netG.pth"], folder["netD.pth"]));
        Assert.Throws<DirectoryNotFoundException>(() => gan.ExportOnnx(folder["none/gan.onnx"]));
        CollectionAssert.AreEqual(old, File.ReadAllBytes(folder["netG.pth"]));
        Assert.HasCount(1, folder.Files);

        gan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gan.ExportPyTorch(folder["netG.pth"]));
        Assert.Throws<ObjectDisposedException>(() => gan.ExportSafetensors(folder["netG.pth"]));
        Assert.Throws<ObjectDisposedException>(() => gan.ExportOnnx(folder["netG.pth"]));
    }

    internal static void Write<T>(string path, T[] numbers) where T : unmanaged =>
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<T>(numbers).ToArray());
}
