using System.IO.Compression;
using Microsoft.ML.Dcgan.Tests.Storage;

namespace Microsoft.ML.Dcgan.Tests.Interop;

/// <summary>Files that PyTorch wrote: see test/python/interop_reference.py.</summary>
[TestClass]
public sealed class PyTorchImportTests
{
    private const double Rounding = 1e-5;
    private static readonly SafetensorsFile _expected = new(File.ReadAllBytes(Folder.Reference("expected.safetensors")));
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("netG.pth", "pixels")]
    [DataRow("parallel.pth", "pixels", DisplayName = "Inside DataParallel")]
    [DataRow("flat.pth", "pixels", DisplayName = "Weights that share a storage, one of them transposed")]
    [DataRow("half.pth", "half.pixels", DisplayName = "float16")]
    [DataRow("bfloat16.pth", "bfloat16.pixels", DisplayName = "bfloat16")]
    [DataRow("double.pth", "pixels", DisplayName = "float64")]
    public void The_same_noise_gives_the_pixels_of_PyTorch(string file, string pixels)
    {
        using DcganTransformer gan = _ml.Model.ImportDcgan(Folder.Reference(file));
        Assert.AreEqual((64, 64, 3, 4), (gan.ImageHeight, gan.ImageWidth, gan.Channels, gan.NoiseSize));
        float[] expected = _expected.Floats(pixels);
        float[] noise = _expected.Floats("noise")[..(expected.Length / (3 * 64 * 64) * 4)];
        Assert.IsLessThan(Rounding, RandomModels.Difference(expected, RandomModels.Pixels(gan, noise)));
    }

    [TestMethod]
    public void A_compressed_file_is_read_as_well()
    {
        using var folder = new Folder();
        using (ZipArchive stored = ZipFile.OpenRead(Folder.Reference("netG.pth")),
            compressed = ZipFile.Open(folder["netG.pth"], ZipArchiveMode.Create))
        {
            foreach (ZipArchiveEntry entry in stored.Entries)
            {
                using Stream source = entry.Open(), target = compressed.CreateEntry(entry.FullName, CompressionLevel.SmallestSize).Open();
                source.CopyTo(target);
            }
        }
        using DcganTransformer expected = _ml.Model.ImportDcgan(Folder.Reference("netG.pth"));
        using DcganTransformer gan = _ml.Model.ImportDcgan(folder["netG.pth"]);
        float[] noise = RandomModels.Noise(2, 4);
        CollectionAssert.AreEqual(RandomModels.Pixels(expected, noise), RandomModels.Pixels(gan, noise));
    }

    [TestMethod]
    public void A_size_that_the_kernels_deny_is_refused()
    {
        Refused("netG.pth", null, new DcganImportOptions { ImageHeight = 100 }, "makes images of 100x64 from 4x4 in 4 doublings");
        Refused("netG.pth", null, new DcganImportOptions { ImageWidth = 63 }, "has 'main.12.weight' as Float32 [");
    }

    [TestMethod]
    public void Both_networks_give_PyTorchs_pixels_and_probabilities()
    {
        using DcganTransformer gan = _ml.Model.ImportDcgan(Folder.Reference("netG.pth"), Folder.Reference("netD.pth"));
        float[] logits = RandomModels.Logits(gan, _expected.Floats("pixels"));
        Assert.IsLessThan(Rounding, RandomModels.Difference(_expected.Floats("probabilities"),
            logits.Select(logit => (float)(1 / (1 + Math.Exp(-logit)))).ToArray()));
    }

    [TestMethod]
    public void The_model_is_one_of_ML_NET()
    {
        using DcganTransformer gan = _ml.Model.ImportDcgan(Folder.Reference("netG.pth"),
            options: new DcganImportOptions { OutputColumnName = "Face", NoiseColumnName = "Z", GenerationSeed = 3 });
        Assert.AreEqual(("Face", "Z"), (gan.OutputColumnName, gan.NoiseColumnName));
        Assert.AreEqual(("netG.pth", 0L, 0L, 0, 1),
            (gan.Summary.ImportedFrom, gan.Summary.Images, gan.Summary.Steps, gan.Summary.Epochs, gan.Summary.Seed));

        using var again = (DcganTransformer)ModelFile.Load(ModelFile.Saved(gan, gan.SampleNoise(1)));
        GeneratedPictures.CheckSame(GeneratedPictures.Generated(gan, 3), GeneratedPictures.Generated(again, 3));
        Assert.AreEqual("netG.pth", again.Summary.ImportedFrom);
        StringAssert.Contains(again.Summary.ToString(), "Not trained here: its weights were imported from netG.pth.");

        DcganEstimator.Options options = again.Options;
        Assert.AreEqual(("Face", "Z", 3, 1), (options.OutputColumnName, options.NoiseColumnName, options.GenerationSeed, options.Seed));
        (options.Epochs, options.BatchSize, options.ImageColumnName) = (1, 4, Pictures.SmallOptions().ImageColumnName);
        using DcganTransformer further = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 64, 64, 3), again);
        Assert.IsNull(further.Summary.ImportedFrom);
        Assert.AreEqual(2, further.Summary.Steps);
    }

    [TestMethod]
    public void Without_a_discriminator_the_log_says_so()
    {
        var log = new List<string>();
        _ml.Log += (_, message) => log.Add(message.Message);
        _ml.Model.ImportDcgan(Folder.Reference("netG.pth")).Dispose();
        Assert.IsTrue(log.Any(line => line.Contains("There is no discriminator: that of the model has random weights")));
        log.Clear();
        _ml.Model.ImportDcgan(Folder.Reference("netG.pth"), Folder.Reference("netD.pth")).Dispose();
        Assert.IsFalse(log.Any(line => line.Contains("discriminator")));
    }

    [TestMethod]
    public void What_is_no_generator_is_refused()
    {
        Refused("netD.pth", null, null, "'main.1.running_mean'", "PyTorch's DCGAN example");
        Refused("netG.pth", "netG.pth", null, "netG.pth");
        Refused("expected.safetensors", null, null, "has no 'main.1.running_mean'");
        Refused("netG.pth", "netD.pth", new DcganImportOptions { Classes = ["a", "b"] }, "tells 0 classes apart, but Classes has 2");
        Refused("netG.pth", null, new DcganImportOptions { Classes = ["a", "b", "c", "d"] }, "NoiseSize is 0");
        using var folder = new Folder();
        File.WriteAllBytes(folder["old.pth"], [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20]);
        Refused(folder["old.pth"], null, null, "is in the format of PyTorch before 1.6", "torch.save it again");
        File.WriteAllText(folder["notes.txt"], "These are notes.");
        Refused(folder["notes.txt"], null, null, "neither a state dictionary that torch.save wrote (.pth) nor safetensors");
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        _ml.Model.Save(gan, gan.SampleNoise(1).Schema, folder["model.zip"]);
        Refused(folder["model.zip"], null, null, "model.zip'");
    }

    [TestMethod]
    public void Bad_options_are_refused()
    {
        string path = Folder.Reference("netG.pth");
        Assert.Throws<FileNotFoundException>(() => _ml.Model.ImportDcgan(path + ".missing"));
        Assert.Throws<ArgumentException>(() => _ml.Model.ImportDcgan(""));
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Model.ImportDcgan(path, options: new() { OutputColumnName = "" })).Message, "OutputColumnName is empty");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Model.ImportDcgan(path, options: new() { GenerationBatchSize = 0 })).Message, "GenerationBatchSize is 0");
        string[] classes = [.. Enumerable.Range(0, 10_001).Select(index => $"{index}")];
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Model.ImportDcgan(path, options: new() { Classes = classes })).Message, "has 10001 classes, but at most 10000 are possible");
    }

    private void Refused(string generator, string? discriminator, DcganImportOptions? options, params string[] messages)
    {
        string failure = Assert.Throws<FormatException>(() =>
            _ml.Model.ImportDcgan(Folder.Reference(generator), discriminator == null ? null : Folder.Reference(discriminator),
            options)).Message;
        foreach (string message in messages)
            StringAssert.Contains(failure, message);
    }
}
