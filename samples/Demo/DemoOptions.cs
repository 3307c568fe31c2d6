using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>What the command line asks for.</summary>
internal sealed class DemoOptions
{
    private const int DrawnFaces = 4_000;
    private const int FashionPictures = 20_000;

    // So long takes about as long whatever the number of pictures: some four minutes at 64x64 in colour or 32x32 in grey, where there is no bfloat16.
    private const int TrainedOnColour = 60_000;
    private const int TrainedOnGrey = 320_000;

    private int? _epochs;

    /// <summary>The user's pictures; null: those that the demo makes.</summary>
    public string? Images { get; private init; }

    /// <summary>Where Fashion-MNIST is; null: it is not asked for.</summary>
    public string? FashionMnist { get; private init; }

    public (int Width, int Height) Size { get; private init; }

    /// <summary>The most pictures to train on.</summary>
    public int Count { get; private init; }

    public string Output { get; private init; } = "";

    /// <summary>The model of which the second process draws; null in the first.</summary>
    public string? Reload { get; private init; }

    public bool IsGrey => FashionMnist != null;

    /// <summary>What is learnt: the model's name.</summary>
    public string Name => FashionMnist != null ? "fashion-mnist" : Images != null ? "pictures" : "faces";

    public int Epochs(int pictures) => _epochs ?? (int)Math.Ceiling((double)(IsGrey ? TrainedOnGrey : TrainedOnColour) / pictures);

    /// <summary>Runs what the command line asks for, and returns the exit code.</summary>
    public static int Run(string[] arguments, Func<DemoOptions, int> demo)
    {
        Option<string?> images = new("--images")
        {
            Description = "Train on the pictures in DIR and below (png, jpg, bmp, gif).",
            HelpName = "DIR"
        };
        Option<string?> fashion = new("--fashion-mnist")
        {
            Description = $"Train on Fashion-MNIST's pictures of clothes. DIR has its files; default {Demo.FashionMnist.DebianFolder}.",
            HelpName = "DIR",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> size = new("--size")
        {
            Description = "Size of the pictures in pixels (default 64; 32 with --fashion-mnist).",
            HelpName = "N|WxH"
        };
        Option<int?> count = new("--count")
        {
            Description =
            $"Train on at most N pictures (default {DrawnFaces} faces, {FashionPictures} of Fashion-MNIST, all in DIR).",
            HelpName = "N"
        };
        Option<int?> epochs = new("--epochs")
        {
            Description =
            $"Passes over them; 0: until they get no better (default: as many as come to {TrainedOnColour} pictures; Fashion-MNIST {TrainedOnGrey}).",
            HelpName = "N"
        };
        Option<string?> output = new("--out") { Description = "Where results go (default out/demo).", HelpName = "DIR" };
        Option<string?> reload = new("--reload") { Hidden = true };
        var root = new RootCommand(
            "Draws cartoon faces, trains a DCGAN on them, and shows the faces that it makes, in about five minutes on two processor cores. " +
            "Ctrl-C ends training early and keeps what it has. Exit code 1: what the saved model draws in a second process is not the same.")
        {
            images, fashion, size, count, epochs, output, reload,
        };
        root.HelpName = "dotnet run -c Release --project samples/Demo --";
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.SetAction(parsed => demo(new DemoOptions
        {
            Images = parsed.GetValue(images),
            FashionMnist = parsed.GetResult(fashion) == null ? null : parsed.GetValue(fashion) ?? Demo.FashionMnist.DebianFolder,
            Size = PictureSize.Parse(parsed.GetValue(size) ?? (parsed.GetResult(fashion) == null ? "64" : "32")),
            Count = AtLeast(1, count, parsed) ?? (parsed.GetValue(images) != null ? int.MaxValue : parsed.GetResult(fashion) != null
                ? FashionPictures : DrawnFaces),
            _epochs = AtLeast(0, epochs, parsed),
            Output = parsed.GetValue(output) ?? Path.Combine("out", "demo"),
            Reload = parsed.GetValue(reload),
        }.Checked()));
        return Run(root.Parse(arguments));
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new UsageException(parsed.UnmatchedTokens is [var unknown, ..] ? $"'{unknown}' is not known here"
                    : parsed.Errors[0].Message.TrimEnd('.'));
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException wrong)
        {
            Console.Error.WriteLine($"demo: {wrong.Message}. (--help lists the options.)");
            return ExitCode.WrongUsage;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("demo: interrupted before there was anything to save");
            return ExitCode.Interrupted;
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"demo: {ErrorMessage.Of(failure)}");
            return ExitCode.Failed;
        }
    }

    private DemoOptions Checked()
    {
        if (Images != null && FashionMnist != null)
            throw new UsageException("--images and --fashion-mnist are two training sets, but one is expected: leave one out");
        if (Images != null && Whole(Images) == Whole(Output))
            throw new UsageException($"--images and --out are both '{Images}', but results are no training pictures: name another folder for them");
        return this;

        static string Whole(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    }

    private static int? AtLeast(int least, Option<int?> option, ParseResult parsed) =>
        parsed.GetValue(option) is int number && number < least
            ? throw new UsageException($"{option.Name} takes a whole number from {least} up, not {number}")
            : parsed.GetValue(option);
}
