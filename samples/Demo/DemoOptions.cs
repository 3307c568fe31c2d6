using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Options;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>What the command line asks for: the demo's own options, and those of <c>dcgan train</c>, some under shorter names.</summary>
internal sealed class DemoOptions
{
    private static readonly Dictionary<string, string[]> _longNames = new()
    {
        ["--batch"] = ["--batch-size"],
        ["--maps"] = ["--generator-feature-maps", "--discriminator-feature-maps"],
        ["--evaluate"] = ["--evaluation-interval"],
    };

    private static readonly string[] _flags = ["--help", "-h", "--resume", "--skip-bad", "--mirror"];

    private static readonly string[] _known =
        [.. _flags, .. _longNames.Keys, "--fashion-mnist", "--images", "--out", "--size", "--count", .. TrainingOptions.Fields.Select(field => field.Name)];

    private readonly Dictionary<string, string?> _training = [];

    private DemoOptions()
    {
    }

    public static string Help
    {
        get
        {
            using var text = new StreamReader(typeof(DemoOptions).Assembly.GetManifestResourceStream("help.txt")!);
            return text.ReadToEnd();
        }
    }

    /// <summary>The user's pictures; null: Fashion-MNIST.</summary>
    public string? Images => _training.GetValueOrDefault("--images");

    public string FashionMnist { get; private set; } = "/usr/share/datasets/fashion-mnist";

    public string Output => _training["--out"]!;

    public string Seed => _training["--seed"]!;

    /// <summary>The most pictures to use, as it was given.</summary>
    public string? Count => _training.GetValueOrDefault("--count");

    /// <summary>Goes on from the checkpoints of a run that was interrupted.</summary>
    public bool Resume { get; private set; }

    public bool ShowHelp { get; private set; }

    public static DemoOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DemoOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (!_known.Contains(name))
                throw new UsageException($"unknown option '{name}'");
            options.Take(name, _flags.Contains(name) ? null : ++i < arguments.Count ? arguments[i] : throw new UsageException($"{name} needs a value"));
        }
        options.AddDefaults();
        return options;
    }

    /// <summary>The command line of <c>dcgan train</c>.</summary>
    /// <param name="images">The folder of pictures.</param>
    public IEnumerable<string> Training(string images) =>
        new[] { "train", "--images", images }.Concat(_training.Where(option => option.Key != "--images").SelectMany(option => option.Value == null ? [option.Key] : new[] { option.Key, option.Value }));

    private void Take(string name, string? value)
    {
        if (name is "--help" or "-h")
            ShowHelp = true;
        else if (name == "--resume")
            Resume = true;
        else if (name == "--skip-bad")
            _training["--bad-images"] = "skip";
        else if (name == "--fashion-mnist")
            FashionMnist = value!;
        else
        {
            foreach (string known in _longNames.GetValueOrDefault(name, [name]))
                _training[known] = value;
        }
    }

    private void AddDefaults()
    {
        bool fashion = Images == null;
        (string Name, string Value)[] defaults =
        [
            ("--out", "out/demo"), ("--seed", "1"), ("--batch-size", "64"), ("--evaluation-interval", "40000"), ("--progress-interval", "10"),
            ("--size", fashion ? "32" : "64"), ("--channels", fashion ? "1" : "3"), ("--epochs", fashion ? "16" : "25"),
            ("--generator-feature-maps", fashion ? "32" : "64"), ("--discriminator-feature-maps", fashion ? "32" : "64"),
        ];
        foreach ((string name, string value) in defaults)
            _training.TryAdd(name, value);
        if (fashion)
            _training.TryAdd("--count", "20000");
    }
}
