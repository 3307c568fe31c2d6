using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Options;

/// <summary>The library's options on the command line.</summary>
internal sealed class TrainingOptions
{
    // What the tool decides: the columns of its pipeline, --size, the command resume, and a launcher of MPI.
    private static readonly string[] _decided =
    [
        nameof(DcganEstimator.Options.ImageColumnName), nameof(DcganEstimator.Options.OutputColumnName),
        nameof(DcganEstimator.Options.NoiseColumnName), nameof(DcganEstimator.Options.LabelColumnName),
        nameof(DcganEstimator.Options.ImageHeight), nameof(DcganEstimator.Options.ImageWidth), nameof(DcganEstimator.Options.Resume),
        nameof(DcganEstimator.Options.Distribution),
    ];

    private readonly (TrainingOption Field, Option<string?> Option)[] _options = Fields.Select(field => (field, field.ToOption()))
        .ToArray();

    /// <summary>Those that the command line has, in the order of their declaration.</summary>
    public static IReadOnlyList<TrainingOption> Fields { get; } =
        [.. OptionsSchema<DcganEstimator.Options>.Fields.Where(field => field.IsText && !_decided.Contains(field.Name))
            .Select(field => new TrainingOption(field))];

    public IEnumerable<Option> All => _options.Select(option => option.Option);

    /// <summary>Those of some of the library's names, in their order.</summary>
    public IEnumerable<Option> Named(params string[] fieldNames) =>
        fieldNames.Select(name => _options.Single(option => option.Field.FieldName == name).Option);

    /// <summary>All, as the library groups them.</summary>
    public IEnumerable<OptionGroup> Groups => _options.GroupBy(option => option.Field.Group)
        .Select(group => new OptionGroup(group.Key, group.Select(option => option.Option)));

    /// <param name="arguments">The command line.</param>
    /// <param name="fieldName">The library's name of an option.</param>
    public bool IsGiven(ParseResult arguments, string fieldName) =>
        arguments.GetResult(_options.Single(option => option.Field.FieldName == fieldName).Option) != null;

    /// <summary>What was given.</summary>
    public void Apply(ParseResult arguments, DcganEstimator.Options options)
    {
        foreach ((TrainingOption field, Option<string?> option) in _options)
        {
            if (arguments.GetResult(option) != null)
                field.Set(options, arguments.GetValue(option) ?? "true");
        }
    }

    /// <summary>The library's defaults, the tool's name where the library asks for one, an open end, and reports
    /// often enough to watch.</summary>
    public static DcganEstimator.Options Defaults() =>
        new() { OutputColumnName = "Generated", Channels = 3, Epochs = 0, ProgressInterval = 10 };
}

/// <summary>An option of the library as one of the command line: LearningRate is <c>--learning-rate</c>.</summary>
internal sealed class TrainingOption(OptionField option)
{
    /// <summary>What the command line calls it.</summary>
    public string Name { get; } = NameOf(option.Name);

    /// <summary>What the library calls it.</summary>
    public string FieldName => option.Name;

    /// <summary>What it belongs to.</summary>
    public string Group => option.Group;

    /// <summary>What stands for a value in help texts.</summary>
    public string ValueName => option.Kind.IsEnum ? string.Join(option.IsFlagSet ? "," : "|", ValueNames)
        : IsFlag ? "true|false"
        : option.Kind == typeof(string) ? FieldName.EndsWith("Folder", StringComparison.Ordinal) ? "DIR" : "NAME"
        : option.Kind == typeof(double) ? "X" : "N";

    private bool IsFlag => option.Kind == typeof(bool);

    private IEnumerable<string> ValueNames => Enum.GetNames(option.Kind).Select(Kebab);

    // Where the tool's default is no value of the library's.
    private string? DefaultText => FieldName switch
    {
        nameof(DcganEstimator.Options.Channels) => "1 where all pictures are grey, else 3",
        nameof(DcganEstimator.Options.SampleInterval) => "a hundredth of the training, of a short one up to a tenth",
        nameof(DcganEstimator.Options.CheckpointFolder) => "a folder in --out",
        _ => Text(TrainingOptions.Defaults()),
    };

    /// <summary>What the command line calls an option of the library.</summary>
    public static string NameOf(string fieldName) => "--" + Kebab(fieldName);

    /// <summary>The value as the command line has it; null where there is none.</summary>
    public string? Text(DcganEstimator.Options options) => option.Get(options) switch
    {
        null => null,
        Enum value => string.Join(',', value.ToString().Split(", ").Select(Kebab)),
        bool value => value ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <exception cref="UsageException">It has no such value.</exception>
    public void Set(DcganEstimator.Options options, string text) => option.Set(options, Parse(text));

    public Option<string?> ToOption()
    {
        string[] more =
        [
            .. option.IsNumber && option.Expected.Length > 0 ? [option.Expected] : Array.Empty<string>(),
            .. DefaultText is { Length: > 0 } standard ? [$"default {standard}"] : Array.Empty<string>(),
        ];
        var made = new Option<string?>(Name)
        {
            Description = more.Length > 0 ? $"{option.Help} ({string.Join("; ", more)})" : option.Help,
            HelpName = ValueName,
            Arity = IsFlag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        made.CompletionSources.Add(option.Kind.IsEnum ? [.. ValueNames] : IsFlag ? ["true", "false"] : []);
        return made;
    }

    private object Parse(string text)
    {
        if (option.Kind == typeof(string))
            return text;
        if (option.Kind.IsEnum)
            return ParseNames(text);
        try
        {
            // Not ChangeType, to which 0,001 is 1 with a separator of thousands.
            return option.Kind == typeof(double)
                ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
                : Convert.ChangeType(text, option.Kind, CultureInfo.InvariantCulture);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            string expected = IsFlag ? "true or false" : option.Kind == typeof(double) ? "a number with a decimal point, such as 0.5"
                : "a whole number";
            throw new UsageException($"{Name} takes {expected}, not '{text}'");
        }
    }

    private object ParseNames(string text)
    {
        string[] names = option.IsFlagSet ? text.Split(',', StringSplitOptions.TrimEntries) : [text];
        long value = 0;
        foreach (string name in names)
        {
            // As in the help text, or as in the library.
            string? found = Enum.GetNames(option.Kind)
                .FirstOrDefault(known => known.Equals(name.Replace("-", ""), StringComparison.OrdinalIgnoreCase));
            value |= found != null
                ? Convert.ToInt64(Enum.Parse(option.Kind, found), CultureInfo.InvariantCulture)
                : throw new UsageException(
                    $"{Name} takes {(option.IsFlagSet ? "one or more of " : "")}{string.Join(", ", ValueNames)}, not '{name}'");
        }
        return Enum.ToObject(option.Kind, value);
    }

    // "R1Penalty" is two words, "BFloat16" is one.
    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) && !char.IsUpper(name[i - 1]) ? $"-{letter}" : $"{letter}"))
            .ToLowerInvariant();
}
