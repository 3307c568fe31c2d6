using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Options;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;
using Microsoft.ML.Dcgan.Tool.Training;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class TrainCommand : IToolCommand
{
    // As many as a film of a training has frames.
    private const int MostSamplings = 100;

    // A sample takes as long as training on some hundreds of images, for the batch statistics of its weights.
    private const int LeastSamplings = 10;
    private const long UsualInterval = 2_000;

    // Of images, where it is not known how many there will be.
    private const long OpenInterval = 10_000;

    private readonly Argument<string?> _folder = new("DIR")
    {
        Description = "The folder of pictures, those below included (png, jpg, gif, bmp, webp).",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _images = new("--images")
    {
        Description = "The same as an option.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Where results go: model.zip, samples.png and more, and checkpoints while it trains "
            + "(default DIR-model, a new folder).",
        HelpName = "DIR",
    };

    private readonly Option<string?> _size = new("--size")
    {
        Description = "Size of the pictures in pixels, each side from 8 to 4096 (default: what most have, up to 64).",
        HelpName = "N|WxH",
    };

    private readonly Option<int?> _count = new("--count") { Description = "Use at most so many of the pictures.", HelpName = "N" };

    private readonly Option<bool> _labels = new("--label-from-folder")
    {
        Description = "Learn to make pictures of a class: each picture's is the name of its folder, right below DIR.",
    };

    private readonly Option<string?> _background = Background.Option();

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replace a model, or an interrupted training, in --out.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show the options and both networks, layer by layer, and do nothing.",
    };

    private readonly TrainingOptions _training = new();

    public TrainCommand()
    {
        Command = new Command("train", "Trains a model on a folder of pictures.")
        {
            _folder, _images, _out, _size, _count, _labels, _background, _overwrite, _dryRun,
        };
        foreach (Option option in _training.All)
            Command.Options.Add(option);
    }

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan train photos                                        all by itself, until it gets no better",
        "dcgan train photos --dry-run                              what that would do",
        "dcgan train photos --out run --size 32x48 --epochs 50     size and length as you like",
        "dcgan train photos --label-from-folder                    photos/cats and photos/dogs are classes",
    ];

    public IEnumerable<OptionGroup> Groups
    {
        get
        {
            Option[] usual =
            [
                _out, _size, .. _training.Named(nameof(DcganEstimator.Options.Channels), nameof(DcganEstimator.Options.Epochs)), _labels,
                .. _training.Named(nameof(DcganEstimator.Options.Mirror), nameof(DcganEstimator.Options.Seed),
                    nameof(DcganEstimator.Options.BadImages)),
                _count, _background, _overwrite, _dryRun, _images,
            ];
            return _training.Groups.Select(group => group with { Options = group.Options.Except(usual) })
                .Where(group => group.Options.Any()).Prepend(new OptionGroup("Most used", usual));
        }
    }

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string? named = arguments.GetValue(_folder), option = arguments.GetValue(_images);
        if (named != null && option != null)
            throw new UsageException($"the folder of pictures is named twice, '{named}' and --images '{option}': once is enough");
        string images = named ?? option
            ?? throw new UsageException($"name the folder of pictures, as in '{CommandLineTool.Name} train photos'");
        string folder = arguments.GetValue(_out) ?? RunFolder.NewFor(images);
        RunFile run = Asked(arguments, images, out DcganEstimator.Options options);
        if (folder.Length == 0)
            throw new UsageException("--out takes a folder, not ''");
        if (Path.TrimEndingDirectorySeparator(run.Images) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
        {
            throw new UsageException(
                $"--images and --out are both '{folder}', but results are no training pictures: name another folder for them");
        }
        IReadOnlyList<Picture> pictures = PictureFolder.Find(run.Images, output.Note, run.Count, run.LabelFromFolder, folder);
        run = WithWhatPicturesAre(run, options, pictures, arguments, output);
        if (!_training.IsGiven(arguments, nameof(options.SampleInterval)))
        {
            long total = (long)options.Epochs * pictures.Count;
            options.SampleInterval = total == 0 ? OpenInterval
                : Math.Max(1, Math.Clamp(UsualInterval, total / MostSamplings, total / LeastSamplings));
        }
        run = run with { Options = RunFile.TextOf(options) };
        if (arguments.GetValue(_dryRun))
        {
            DryRun.Print(run, pictures, output);
            return ExitCode.Done;
        }

        DryRun.RequireMemory(options, pictures.Count);
        var results = new RunFolder(folder);
        using FolderLock? busy = Ranks.IsRoot ? results.Lock() : null;
        if (Ranks.IsRoot)
        {
            results.Prepare(options.CheckpointFolder ?? results.Checkpoints, arguments.GetValue(_overwrite));
            run.Write(folder);
        }
        return new TrainingRun(run, folder, pictures, resume: false, output).Execute(cancellation);
    }

    // Size and channels that were not asked for; a hint at classes that were not, either.
    private RunFile WithWhatPicturesAre(RunFile run, DcganEstimator.Options options, IReadOnlyList<Picture> pictures,
        ParseResult arguments, CommandOutput output)
    {
        bool sized = arguments.GetValue(_size) != null, colored = _training.IsGiven(arguments, nameof(options.Channels));
        if (!run.LabelFromFolder && PictureFolder.PossibleClasses(run.Images, pictures) is { Count: > 0 } classes)
        {
            output.Note($"the pictures lie in {classes.Count} folders ({string.Join(", ", classes.Take(3))}{(classes.Count > 3 ? ", ..." : "")}): "
                + $"if these are classes, {_labels.Name} makes a model that can be asked for each");
        }
        if (sized && colored)
            return run;
        PictureSurvey survey = PictureSurvey.Of(pictures, run.Background);
        if (!colored)
            options.Channels = survey.Channels;
        if (sized)
            return run;
        (options.ImageWidth, options.ImageHeight) = (survey.Width, survey.Height);
        return run with { Width = survey.Width, Height = survey.Height };
    }

    private RunFile Asked(ParseResult arguments, string images, out DcganEstimator.Options options)
    {
        bool labels = arguments.GetValue(_labels);
        int? count = arguments.GetValue(_count);
        if (count < 1)
            throw new UsageException($"--count takes a whole number from 1 up, not {count}");
        (int width, int height) = PictureSize.Parse(arguments.GetValue(_size) ?? "64");
        options = TrainingOptions.Defaults();
        _training.Apply(arguments, options);
        options.LabelColumnName = labels ? RunFile.LabelColumn : null;
        (options.ImageWidth, options.ImageHeight) = (width, height);
        options.Seed ??= Random.Shared.Next();
        // Who goes on with it may be in another folder.
        options.CheckpointFolder = Whole(options.CheckpointFolder);
        options.CacheFolder = Whole(options.CacheFolder);
        Validate(options);
        return new RunFile
        {
            Images = images.Length > 0 ? Path.GetFullPath(images) : "",
            Count = count,
            Width = width,
            Height = height,
            LabelFromFolder = labels,
            Background = Background.Parse(arguments.GetValue(_background)),
            Options = RunFile.TextOf(options),
        };
    }

    private static string? Whole(string? folder) => string.IsNullOrWhiteSpace(folder) ? folder : Path.GetFullPath(folder);

    private static void Validate(DcganEstimator.Options options)
    {
        try
        {
            _ = new MLContext().Transforms.Dcgan(options);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException(ErrorMessage.Of(wrong).TrimEnd('.'));
        }
    }
}

internal sealed class ResumeCommand : IToolCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The folder that was --out when it was started." };

    private readonly Option<string?> _images = new("--images")
    {
        Description = "Where the pictures are now, if they have moved.",
        HelpName = "DIR",
    };

    public ResumeCommand() =>
        Command = new Command("resume", "Goes on with an interrupted training, as if it had never stopped.") { _folder, _images };

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan resume run",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string folder = arguments.GetRequiredValue(_folder);
        RunFile run = RunFile.Read(folder);
        if (arguments.GetValue(_images) is { } moved)
            run = run with { Images = Path.GetFullPath(moved) };
        else if (!Directory.Exists(run.Images))
            throw new UsageException($"the pictures were in '{run.Images}', which is not there: say with --images where they are now");
        var results = new RunFolder(folder);
        if (run.Finished && File.Exists(results.Model))
            throw new UsageException($"the training in '{folder}' is finished: {results.Model} is its model");
        string checkpoints = run.ToOptions().CheckpointFolder ?? results.Checkpoints;
        using FolderLock? busy = Ranks.IsRoot ? results.Lock() : null;
        output.Note(RunFolder.LastCheckpoint(checkpoints) is { } step ? $"going on after minibatch {step}"
            : $"'{checkpoints}' has no checkpoint to go on from: the training starts anew");
        IReadOnlyList<Picture> pictures = PictureFolder.Find(run.Images, output.Note, run.Count, run.LabelFromFolder, folder);
        if (Ranks.IsRoot)
            run.Write(folder);
        return new TrainingRun(run, folder, pictures, resume: true, output).Execute(cancellation);
    }
}
