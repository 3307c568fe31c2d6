using System.Text.Json.Nodes;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Tool;

/// <summary>Generating and evaluating with a saved model.</summary>
[TestClass]
public sealed class GenerateCommandTests
{
    private readonly ToolFolder _folder = new();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    public void Makes_the_librarys_pictures()
    {
        string model = _folder.Model();
        JsonNode json = ToolRun.Done("generate", model, "--count", "3", "--seed", "7", "--out", _folder["new/pictures"], "--json").Json;

        CollectionAssert.AreEqual(new[] { "00000.png", "00001.png", "00002.png" },
            json["files"]!.AsArray().Select(file => Path.GetFileName((string)file!)).ToArray());
        using var gan = (DcganTransformer)new MLContext().Model.Load(model, out _);
        IReadOnlyList<GeneratedImage> expected = gan.Generate(3, seed: 7);
        foreach ((GeneratedImage image, JsonNode? file) in expected.Zip(json["files"]!.AsArray()))
        {
            using MLImage read = MLImage.CreateFromFile((string)file!);
            CollectionAssert.AreEqual(Rgb(image.Pixels, 2), Rgb(read));
        }

        ToolRun.Done("generate", model, "--count", "3", "--seed", "7", "--out", _folder["grid.png"], "--grid");
        CollectionAssert.AreEqual(new ImageGrid(expected).ToPng(), File.ReadAllBytes(_folder["grid.png"]));
        ToolRun.Done("generate", model, "--count", "1", "--seed", "7", "--out", _folder["one.png"]);
        using (MLImage one = MLImage.CreateFromFile(_folder["one.png"]))
            Assert.AreEqual((gan.ImageWidth, gan.ImageHeight), (one.Width, one.Height));
    }

    [TestMethod]
    public void Pictures_of_before_are_told_of()
    {
        string model = _folder.Model();
        ToolRun first = ToolRun.Done("generate", model, "--count", "5", "--out", _folder["all"]);
        Assert.DoesNotContain("of before", first.Errors);
        ToolRun second = ToolRun.Done("generate", model, "--count", "1", "--seed", "2", "--out", _folder["all"]);
        StringAssert.Contains(second.Errors, $"'{_folder["all"]}' has 4 other pictures, of before");
        StringAssert.Contains(second.Output, "1 picture, 00000.png");
    }

    [TestMethod]
    public void A_missing_folder_for_temporary_files_is_named()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("TMPDIR is read where it is.");
        string model = _folder.Model(), temporary = Path.Combine(model, "none");
        ToolRun run = ToolRun.InProcess(null, null, ["env", $"TMPDIR={temporary}"], ["generate", model, "--out", _folder["out"]]);
        Assert.AreEqual(1, run.Code, run.Errors);
        StringAssert.Contains(run.Errors, $"there is no folder '{temporary}/' for temporary files: set TMPDIR to one that can be written to");
    }

    [TestMethod]
    public void A_bad_picture_ends_an_evaluation_or_is_left_out()
    {
        string model = _folder.Model(), pictures = _folder.Pictures();
        File.WriteAllBytes(Path.Combine(pictures, "left", "cut.png"), File.ReadAllBytes(Path.Combine(pictures, "left", "000.png"))[..^20]);
        ToolRun.Fails(1, ["evaluate", model, "--images", pictures], "cut.png' is cut short or damaged");
        ToolRun skipping = ToolRun.Done("evaluate", model, "--images", pictures, "--bad-images", "skip", "--json");
        Assert.AreEqual(12, (int)skipping.Json["realCount"]!);
        StringAssert.Contains(skipping.Errors, "left out: ");
        ToolRun.Fails(2, ["evaluate", model, "--images", pictures, "--bad-images", "maybe"], "--bad-images takes stop or skip, not 'maybe'");
    }

    [TestMethod]
    public void Makes_pictures_of_a_class_with_a_chain()
    {
        var ml = new MLContext(seed: 1);
        using DcganTransformer gan = LabelledPictures.Hasty(ml);
        ml.Model.Save(new TransformerChain<ITransformer>(gan), gan.SampleNoise(1).Schema, _folder["classes.zip"]);

        ToolRun.Done("generate", _folder["classes.zip"], "--count", "1", "--label", "bright", "--out", _folder["bright.png"]);

        using MLImage read = MLImage.CreateFromFile(_folder["bright.png"]);
        CollectionAssert.AreEqual(Rgb(gan.Generate(1, label: "bright")[0].Pixels, 2), Rgb(read));
        ToolRun.Fails(2, ["generate", _folder["classes.zip"], "--label", "grey", "--out", _folder["x"]],
            "There is no class 'grey'. The classes are: ");
    }

    [TestMethod]
    public void Wrong_usage_is_refused()
    {
        string model = _folder.Model();
        ToolRun.Fails(2, ["generate", model, "--out", "x.png"], "'x.png' is one file, for 64 pictures: add --grid, or name a folder");
        ToolRun.Fails(2, ["generate", model, "--out", "x", "--grid"], "--grid makes one picture");
        ToolRun.Fails(2, ["generate", model, "--out", "x", "--count", "0"], "--count takes a whole number from 1 up, not 0");
        ToolRun.Fails(2, ["generate", model, "--out", "x", "--count", "many"], "--count takes a whole number, not 'many'");
        foreach (string name in new[] { "q.jpg", "q.JPEG", "q.webp", "q.bmp", "q.gif" })
        {
            ToolRun.Fails(2, ["generate", model, "--out", _folder[name], "--count", "1"],
                $"--out '{_folder[name]}': pictures are written as PNG");
            Assert.IsFalse(Path.Exists(_folder[name]));
        }
        ToolRun.Fails(2, ["generate", model, "--out", "x", "--label", "cat"], "--label is 'cat', but the model knows no classes");
        ToolRun.Fails(2, ["generate", _folder["none.zip"], "--out", "x"], "there is no file");
        File.WriteAllText(_folder["file"], "");
        ToolRun.Fails(1, ["generate", model, "--out", Path.Combine(_folder["file"], "x")], "file");

        var ml = new MLContext();
        using (var gan = (DcganTransformer)ml.Model.Load(model, out _))
        using (DcganFeaturizer featurizer = gan.Featurizer())
            ml.Model.Save(featurizer, gan.SampleNoise(1).Schema, _folder["featurizer.zip"]);
        ToolRun.Fails(2, ["generate", _folder["featurizer.zip"], "--out", "x"], "is a Featurizer, which generates no pictures");
    }

    [TestMethod]
    public void Interpolates_between_the_pictures_it_generates()
    {
        string model = _folder.Model();
        JsonNode json = ToolRun.Done("interpolate", model, "--count", "5", "--seed", "7", "--out", _folder["way/strip.png"], "--json").Json;
        Assert.AreEqual((5, 2), ((int)json["count"]!, (int)json["stops"]!));

        // Between pictures, and around them, are two pixels of white.
        using var gan = (DcganTransformer)new MLContext().Model.Load(model, out _);
        IReadOnlyList<GeneratedImage> ends = gan.Generate(2, seed: 7);
        using MLImage strip = MLImage.CreateFromFile(_folder["way/strip.png"]);
        Assert.AreEqual((2 + 5 * (gan.ImageWidth + 2), gan.ImageHeight + 4), (strip.Width, strip.Height));
        foreach ((GeneratedImage end, int left) in new[] { (ends[0], 2), (ends[1], 2 + 4 * (gan.ImageWidth + 2)) })
        {
            byte[] expected = Rgb(end.Pixels, 2), all = Rgb(strip);
            for (int y = 0; y < end.Height; y++)
            {
                byte[] found = all[(3 * ((y + 2) * strip.Width + left))..];
                // Minibatches of other sizes may round differently.
                Assert.IsTrue(expected[(3 * y * end.Width)..(3 * (y + 1) * end.Width)].Zip(found)
                    .All(pair => System.Math.Abs(pair.First - pair.Second) <= 1));
            }
        }

        ToolRun.Done("interpolate", model, "--count", "6", "--out", _folder["loop.gif"]);
        byte[] gif = File.ReadAllBytes(_folder["loop.gif"]);
        Assert.AreEqual("GIF89a", System.Text.Encoding.ASCII.GetString(gif, 0, 6));
        Assert.AreEqual((gan.ImageWidth, gan.ImageHeight), (gif[6] + 256 * gif[7], gif[8] + 256 * gif[9]));

        ToolRun.Fails(2, ["interpolate", model, "--out", "x.png", "--stops", "5", "--count", "4"], "--count is 4, but the pictures of --stops, 5");
        ToolRun.Fails(2, ["interpolate", model, "--out", "x.mp4"], "--out 'x.mp4' should end in .gif, for a moving picture, or .png");
        ToolRun.Fails(2, ["interpolate", model, "--out", "x.gif", "--stops", "1"], "--stops takes a whole number from 2 up, not 1");
        ToolRun.Fails(2, ["interpolate", model, "--out", "x.gif", "--delay", "1"], "--delay takes milliseconds from 20 to 65535, not 1");
        ToolRun.Fails(2, ["interpolate", model, "--out", "x.gif", "--label", "cat"], "trained without");
    }

    [TestMethod]
    public void Exports_what_the_zip_holds()
    {
        string model = _folder.Model();
        JsonNode json = ToolRun.Done("export", model, "--format", "safetensors", "--out", _folder["g.safetensors"], "--discriminator",
            _folder["d.safetensors"], "--json").Json;
        Assert.HasCount(2, json["files"]!.AsArray());
        foreach ((string file, string part) in new[] { ("g.safetensors", "generator.safetensors"),
            ("d.safetensors", "discriminator.safetensors") })
        {
            var exported = new SafetensorsFile(File.ReadAllBytes(_folder[file]));
            var stored = new SafetensorsFile(ModelFile.Entries(File.ReadAllBytes(model))
                .Single(entry => Path.GetFileName(entry.Key) == part).Value);
            CollectionAssert.AreEquivalent(stored.Names.ToArray(), exported.Names.ToArray());
            foreach (string name in stored.Names)
                CollectionAssert.AreEqual(stored.Bytes(name), exported.Bytes(name), name);
        }

        ToolRun.Done("export", model, "--out", _folder["g.onnx"]);
        ToolRun.Done("export", model, "--format", "pth", "--out", _folder["g.pth"]);
        // A protocol buffer whose first field is the version of the format; a zip.
        Assert.AreEqual(0x08, File.ReadAllBytes(_folder["g.onnx"])[0]);
        CollectionAssert.AreEqual("PK"u8.ToArray(), File.ReadAllBytes(_folder["g.pth"])[..2]);

        foreach ((string network, string output) in new[] { ("generator", "image Byte [batch, 16, 12, 3]"),
            ("featurizer", "features Single [batch, 160]"), ("scorer", "realness Single [batch]") })
        {
            ToolRun.Done("export", model, "--out", _folder["network.onnx"], "--network", network, "--byte-pixels");
            using var exported = new OnnxModel(_folder["network.onnx"]);
            Assert.AreEqual(network == "generator" ? "noise Single [batch, 6]" : "image Byte [batch, 16, 12, 3]", exported.Inputs);
            Assert.AreEqual(output, exported.Outputs);
        }

        ToolRun.Fails(2, ["export", model, "--out", "x.h5"], "--out 'x.h5' does not end in a format's name");
        ToolRun.Fails(2, ["export", model, "--format", "h5", "--out", "x"], "'h5'", "'safetensors'");
        ToolRun.Fails(2, ["export", model, "--format", "onnx", "--out", "x", "--discriminator", "y"],
            "--discriminator is for pth and safetensors", "--network featurizer or scorer");
        ToolRun.Fails(2, ["export", model, "--out", "x.pth", "--network", "featurizer"], "--network is for onnx");
        ToolRun.Fails(2, ["export", model, "--out", "x.onnx", "--network", "critic"], "'critic'", "'scorer'");
        ToolRun.Fails(2, ["export", model, "--format", "pth", "--out", "x", "--byte-pixels"], "--byte-pixels is for onnx");
    }

    // Its own pictures of the same noise are as near as can be.
    [TestMethod]
    public void A_model_evaluated_against_its_own_pictures_is_perfect()
    {
        string model = _folder.Model();
        ToolRun.Done("generate", model, "--count", "20", "--seed", "3", "--out", _folder["own"]);

        ToolRun run = ToolRun.Done("evaluate", model, "--images", _folder["own"], "--seed", "3", "--features", "pixels", "--json");

        Assert.AreEqual(0, (double)run.Json["frechetDistance"]!, 1e-2);
        Assert.AreEqual(1, (double)run.Json["precision"]!);
        Assert.AreEqual(1, (double)run.Json["recall"]!);
        Assert.AreEqual(1, (double)run.Json["coverage"]!);
        Assert.AreEqual((20, 20, 576), ((int)run.Json["realCount"]!, (int)run.Json["generatedCount"]!, (int)run.Json["featureSize"]!));
        // Subsets are of so few pictures that there is one.
        Assert.IsGreaterThan(0, (double)run.Json["kernelDistanceStandardError"]!);
        Assert.DoesNotContain("KernelSubsetSize", run.Errors);

        ToolRun random = ToolRun.Done("evaluate", model, "--images", _folder["own"], "--seed", "3", "--json");
        Assert.AreEqual(0, (double)random.Json["frechetDistance"]!, 1e-2);
        Assert.AreEqual("random features of pixels 12x16x3", (string)random.Json["featureExtractor"]!);

        StringAssert.Contains(ToolRun.Done("evaluate", model, "--images", _folder["own"], "--count", "8", "--features", model).Output,
            $"8 real and 8 generated pictures, 160 features (what the discriminator of {model} sees), seed 0");
        string page = _folder["page.html"];
        ToolRun.Done("evaluate", model, "--images", _folder["own"], "--report", page);
        foreach (string part in new[] { "Compared with real pictures", "<td>precision</td><td>0.", "Nearest real pictures", "00000.png (" })
            StringAssert.Contains(File.ReadAllText(page), part);
        ToolRun.Fails(2, ["evaluate", model, "--images", _folder["own"], "--count", "1"], "--count takes a whole number from 2 up, not 1");
    }

    private static byte[] Rgb(MLImage image) => Rgb(image.Pixels, image.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0);

    private static byte[] Rgb(ReadOnlySpan<byte> span, int red)
    {
        byte[] pixels = span.ToArray();
        return Enumerable.Range(0, pixels.Length / 4)
            .SelectMany(i => new[] { pixels[4 * i + red], pixels[4 * i + 1], pixels[4 * i + 2 - red] }).ToArray();
    }
}
