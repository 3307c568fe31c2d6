using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class InterpolateCommand : IToolCommand
{
    private const int MostClasses = 20;

    private readonly Argument<string> _model = ModelPath.Argument();

    private readonly Option<string> _out = new("--out")
    {
        Description = "A GIF, which loops, or a PNG with the pictures in a row.",
        HelpName = "FILE.gif|FILE.png",
        Required = true,
    };

    private readonly Option<int?> _stops = new("--stops")
    {
        Description = "How many noise vectors to pass (default 2 for a PNG, 4 for a GIF, which returns to the first).",
        HelpName = "N",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "How many pictures, those at the stops included (default 10 for a PNG, 60 for a GIF).",
        HelpName = "N",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        DefaultValueFactory = _ => 0,
        Description = "Of the noise vectors: they are those of generate's first pictures.",
        HelpName = "N",
    };

    private readonly Option<string?> _label = new("--label")
    {
        Description = "The class to make pictures of, where there are classes.",
        HelpName = "CLASS",
    };

    private readonly Option<int> _delay = new("--delay")
    {
        DefaultValueFactory = _ => 80,
        Description = "How long a GIF shows each picture, in milliseconds.",
        HelpName = "N",
    };

    public InterpolateCommand() =>
        Command = new Command("interpolate", "Shows how pictures become one another on the way between their noise vectors.")
        {
            _model, _out, _stops, _count, _seed, _label, _delay,
        };

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan interpolate run/model.zip --out loop.gif    an animation",
        "dcgan interpolate run/model.zip --out row.png     in a row",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_out);
        bool loops = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".gif" => true,
            ".png" => false,
            _ => throw new UsageException($"--out '{path}' should end in .gif, for a moving picture, or .png, for a row of pictures"),
        };
        int stops = AtLeastTwo(_stops, arguments.GetValue(_stops) ?? (loops ? 4 : 2));
        int count = AtLeastTwo(_count, arguments.GetValue(_count) ?? (loops ? 60 : 10));
        if (count < stops)
            throw new UsageException($"--count is {count}, but the pictures of --stops, {stops}, are among them: ask for as many, or more");
        int seed = arguments.GetValue(_seed), delay = arguments.GetValue(_delay);
        if (delay is < 20 or > 65_535)
            throw new UsageException($"--delay takes milliseconds from 20 to 65535, not {delay}");

        MLContext ml = output.Context();
        using DcganTransformer gan = ModelPath.LoadGenerator(ml, arguments.GetRequiredValue(_model));
        string? label = ClassOf(gan, arguments.GetValue(_label));
        float[][] way = LatentPaths.Interpolate(gan.DrawNoise(stops, seed), count, closed: loops, gan.NoiseDistribution);
        IReadOnlyList<GeneratedImage> images = new LongJob(output).Run("generating",
            report => new GeneratedPictures(gan, (from, some) => way[from..(from + some)], label, 0, way.Length, report, cancellation)
                .All().ToArray());
        Save(images, path, loops, delay);
        output.Line($"{path}: {count} pictures past {stops} noise vectors");
        output.Result(new { File = Path.GetFullPath(path), Count = count, Stops = stops, Seed = seed, Label = label });
        return ExitCode.Done;
    }

    private static void Save(IReadOnlyList<GeneratedImage> images, string path, bool loops, int delay)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        if (loops)
            new ImageAnimation(images, delay).Save(path);
        else
            new ImageGrid(images, columns: images.Count).Save(path);
    }

    private static string? ClassOf(DcganTransformer gan, string? label)
    {
        string some = string.Join(", ", gan.Classes.Take(MostClasses));
        if (gan.Classes.Count > 0 && label == null)
        {
            throw new UsageException("the model makes pictures of classes, and --label says of which: "
                + $"{some}{(gan.Classes.Count > MostClasses ? ", ..." : "")}");
        }
        if (label != null && !gan.Classes.Contains(label))
        {
            throw new UsageException(gan.Classes.Count > 0
                ? $"there is no class '{label}'; there are {some}"
                : "--label names a class, but the model was trained without");
        }
        return label;
    }

    private static int AtLeastTwo(Option option, int number) =>
        number >= 2 ? number : throw new UsageException($"{option.Name} takes a whole number from 2 up, not {number}");
}
