using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Options;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tests.Tool;

[TestClass]
public sealed class OptionTests
{
    // Callbacks and transformers have no text; the rest the tool has in another way.
    private static readonly string[] _elsewhere =
    [
        "Progress", "Samples", "EvaluationFeatures", "CancellationToken", "ImageColumnName", "ImageHeight", "ImageWidth", "Resume",
        "OutputColumnName", "NoiseColumnName", "LabelColumnName", "Distribution",
    ];

    public static IEnumerable<object[]> Fields => TrainingOptions.Fields.Select(option => new object[] { option.FieldName });

    [TestMethod]
    public void No_option_of_the_library_is_forgotten()
    {
        string[] all = typeof(DcganEstimator.Options).GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => field.Name)
            .ToArray();

        CollectionAssert.AreEquivalent(all.Except(_elsewhere).ToArray(), TrainingOptions.Fields.Select(field => field.FieldName).ToArray());
        foreach (TrainingOption field in TrainingOptions.Fields)
            StringAssert.Matches(field.ToOption().Description, new Regex(@"^[A-Z].*\.( \(.*\))?$"), field.Name);
    }

    [TestMethod]
    public void The_help_has_every_option_with_its_default()
    {
        string help = ToolRun.Done("train", "--help").Output;

        foreach (TrainingOption field in TrainingOptions.Fields)
            Assert.HasCount(2, help.Split($"  {field.Name} <{field.ValueName}>"), field.Name);
        StringAssert.Contains(help, FormattableString.Invariant(
            $"Adam's learning rate. (above 0 and at most 1; default {new DcganEstimator.Options().LearningRate})"));
        StringAssert.Contains(help, "--loss <non-saturating|minimax|least-squares|hinge|wasserstein|relativistic>");
        StringAssert.Contains(help, "--bad-images <stop|skip>");
    }

    // The library's own errors say what the range is.
    [TestMethod]
    [DynamicData(nameof(Fields))]
    public void The_range_in_the_help_is_the_librarys(string fieldName)
    {
        TrainingOption field = Find(fieldName);
        if (field.ValueName is not ("N" or "X") || fieldName is "Seed" or "GenerationSeed")
            return;

        var options = new DcganEstimator.Options { OutputColumnName = "Generated" };
        field.Set(options, "-1");
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MLContext().Transforms.Dcgan(options)).Message;
        string range = message.Split("it must be ")[1].Split(". The default is ")[0];
        StringAssert.Contains(field.ToOption().Description, $"({range}");
    }

    [TestMethod]
    public void A_missing_GPU_is_told_in_the_tools_words()
    {
        string said = ErrorMessage.Of(Assert.Throws<InvalidOperationException>(() =>
            DcganModel.ChooseDevice(DcganDevice.Cuda, new MLContext { GpuDeviceId = 99 })));
        StringAssert.Contains(said, "or allow the CPU: --device auto.");
        StringAssert.StartsWith(said, "--device is Cuda and GPU 99 was asked for");
        Assert.DoesNotContain("Dcgan", said);
        Assert.DoesNotContain("MLContext", said);
    }

    [TestMethod]
    public void What_no_machine_has_memory_for_is_refused_at_once()
    {
        using var folder = new ToolFolder();
        ToolRun.Fails(2, ["train", "--images", folder.Pictures(), "--out", folder["run"], "--size", "4096", "--generator-feature-maps", "1024"],
            "minibatch of 12 pictures of 4096x4096 takes ", " GB at least, but there are ", "a smaller --size or --batch-size takes less");
        Assert.IsFalse(Directory.Exists(folder["run"]));
    }

    [TestMethod]
    [DataRow("LearningRate", "0.001", 0.001)]
    [DataRow("Loss", "least-squares", DcganLoss.LeastSquares)]
    [DataRow("Loss", "LeastSquares", DcganLoss.LeastSquares, "least-squares")]
    [DataRow("Precision", "bfloat16", DcganPrecision.BFloat16)]
    [DataRow("Augmentation", "translation,cutout", DcganAugmentation.Translation | DcganAugmentation.Cutout)]
    [DataRow("Mirror", "true", true)]
    [DataRow("Seed", "-5", -5)]
    [DataRow("EvaluationInterval", "40000", 40_000L)]
    [DataRow("CacheFolder", "/tmp/x y", "/tmp/x y")]
    public void Values_go_there_and_back(string fieldName, string text, object value, string? written = null)
    {
        TrainingOption field = Find(fieldName);
        var options = new DcganEstimator.Options();

        field.Set(options, text);

        Assert.AreEqual(value, typeof(DcganEstimator.Options).GetField(fieldName)!.GetValue(options));
        Assert.AreEqual(written ?? text, field.Text(options));
    }

    [TestMethod]
    [DataRow("LearningRate", "--learning-rate", "fast", "takes a number with a decimal point, such as 0.5, not 'fast'")]
    [DataRow("Epochs", "--epochs", "1.5", "takes a whole number, not '1.5'")]
    [DataRow("Epochs", "--epochs", "99999999999", "takes a whole number, not '99999999999'")]
    [DataRow("Mirror", "--mirror", "maybe", "takes true or false, not 'maybe'")]
    [DataRow("Loss", "--loss", "2", "takes non-saturating, minimax, least-squares, hinge, wasserstein, relativistic, not '2'")]
    [DataRow("Augmentation", "--augmentation", "cutout,flip", "takes one or more of none, translation, cutout, color, all, not 'flip'")]
    [DataRow("R1Penalty", "--r1-penalty", "x", "takes a number")]
    public void Nonsense_is_refused(string fieldName, string name, string text, string message)
    {
        TrainingOption field = Find(fieldName);
        Assert.AreEqual(name, field.Name);
        StringAssert.Contains(Assert.ThrowsExactly<UsageException>(() => field.Set(new DcganEstimator.Options(), text)).Message,
            $"{name} {message}");
    }

    // A decimal comma is no separator of thousands.
    [TestMethod]
    public void No_number_has_a_comma()
    {
        TrainingOption[] numbers = TrainingOptions.Fields.Where(field => field.ValueName is "N" or "X").ToArray();

        Assert.IsNotEmpty(numbers);
        foreach (TrainingOption field in numbers)
        {
            UsageException refused = Assert.ThrowsExactly<UsageException>(() => field.Set(new DcganEstimator.Options(), "0,001"),
                field.Name);
            StringAssert.Contains(refused.Message, "not '0,001'");
        }
    }

    [TestMethod]
    public void Wrong_usage_is_told_in_a_line()
    {
        using var folder = new ToolFolder();
        string pictures = folder.Pictures(4), output = folder["out"];
        string[] train = ["train", "--images", pictures, "--out", output];

        ToolRun.Fails(2, ["trian"], "'trian' is not known here; perhaps 'train' is meant", "'dcgan --help' tells more");
        ToolRun.Fails(2, ["train", "--out", output], "name the folder of pictures, as in 'dcgan train photos'");
        ToolRun.Fails(2, [.. train, "--epoch", "3"], "'--epoch' is not known here; perhaps '--epochs' is meant", "'dcgan train --help'");
        ToolRun.Fails(2, [.. train, "--epochs", "1", "--epochs", "2"], "'--epochs' expects a single argument");
        ToolRun.Fails(2, [.. train, "--learning-rate", "5"], "--learning-rate is 5, but it must be above 0 and at most 1");
        ToolRun.Fails(2, [.. train, "--gradient-penalty", "10"], "--gradient-penalty is 10", "--discriminator-normalization is Batch");
        ToolRun.Fails(2, [.. train, "--size", "7"], "--size takes a number of pixels from 8 to 4096, or WIDTHxHEIGHT, not '7'");
        ToolRun.Fails(2, [.. train, "--size", "8x9x10"], "not '8x9x10'");
        ToolRun.Fails(2, [.. train, "--count", "0"], "--count takes a whole number from 1 up, not 0");
        ToolRun.Fails(2, ["train", "--images", pictures, "--out", pictures + "/"], "--images and --out are both");
        ToolRun.Fails(2, ["train", "--images", folder["none"], "--out", output], $"there is no folder '{folder["none"]}'");
        ToolRun.Fails(2, ["train", "--images", Path.Combine(pictures, "left", "000.png"), "--out", output],
            "is a file, but a folder of pictures is expected");
        ToolRun.Fails(2, ["train", "--images", Directory.CreateDirectory(folder["empty"]).FullName, "--out", output],
            "there are no pictures (.png, .jpg, .jpeg, .jpe, .jfif, .bmp, .dib, .gif, .webp)");
        ToolRun.Fails(2, ["train", "--images", "", "--out", output], "--images takes a folder of pictures, not ''");
        ToolRun.Fails(2, ["train", "--images", pictures, "--out", ""], "--out takes a folder, not ''");
        ToolRun.Fails(2, ["train", "", "--out", output], "a folder of pictures, not ''");
        ToolRun.Fails(2, ["train", pictures, "--images", output], $"named twice, '{pictures}' and --images '{output}'");
        ToolRun.Fails(2, [.. train, "--instance-noise", "1"], "--instance-noise is 1, but it must be 0 where --epochs is 0");
        ToolRun.Fails(2, ["completion", "fish"], "scripts are for bash, zsh, pwsh, not for 'fish'");
        ToolRun.Fails(2, [.. train, "--count", "abc"], "--count takes a whole number, not 'abc'");
        ToolRun.Fails(2, [.. train, "--channels", "4"], "--channels is 4, but it must be 1 or 3 (grey, or red, green and blue). (");
        ToolRun.Fails(2, [.. train, "--background", "white"], "--background takes a colour such as FFFFFF (white) or 000000 (black), not 'white'");
        ToolRun.Fails(2, ["train", "--images", Path.Combine(pictures, "left"), "--out", output, "--label-from-folder"],
            "lies in a folder with the name of its class", "000.png");
        Assert.IsFalse(Directory.Exists(output), "nothing is written for a command line that is refused");

        File.WriteAllText(folder["file"], "");
        ToolRun.Fails(1, ["train", "--images", pictures, "--out", Path.Combine(folder["file"], "out")], "no results can be written to");
    }

    [TestMethod]
    public void Errors_show_where_they_came_from_only_if_asked()
    {
        using var folder = new ToolFolder();
        File.WriteAllText(folder["junk.zip"], "junk");

        ToolRun.Fails(1, ["inspect", folder["junk.zip"]], $"'{folder["junk.zip"]}' is no model file, or is damaged");
        Assert.HasCount(1, ToolRun.Of("inspect", folder["junk.zip"]).Errors.TrimEnd().Split('\n'));
        StringAssert.Contains(ToolRun.Of("inspect", folder["junk.zip"], "--verbose").Errors,
            "   at Microsoft.ML.Dcgan.DcganModelFile.Inspect");
    }

    private static TrainingOption Find(string fieldName) => TrainingOptions.Fields.Single(field => field.FieldName == fieldName);
}
