using System.CommandLine;

namespace Microsoft.ML.Dcgan.Tool.Options;

/// <summary>The library's options on the command line, each with its text, range and default.</summary>
internal sealed class TrainingOptions
{
    // What the tool decides: the columns of its pipeline, --size, and the command resume.
    private static readonly string[] _decided =
    [
        nameof(DcganEstimator.Options.ImageColumnName), nameof(DcganEstimator.Options.ImageHeight), nameof(DcganEstimator.Options.ImageWidth),
        nameof(DcganEstimator.Options.Resume),
    ];

    private readonly (OptionField Field, Option<string?> Option)[] _options = Fields.Select(field => (field, Make(field))).ToArray();

    /// <summary>Those that the command line has.</summary>
    public static IEnumerable<OptionField> Fields => OptionField.All.Where(option => !_decided.Contains(option.FieldName));

    public IEnumerable<Option> All => _options.Select(option => option.Option);

    /// <param name="arguments">The command line.</param>
    /// <param name="fieldName">The library's name of an option.</param>
    public bool IsGiven(ParseResult arguments, string fieldName) => arguments.GetResult(_options.Single(option => option.Field.FieldName == fieldName).Option) != null;

    /// <summary>What was given.</summary>
    public void Apply(ParseResult arguments, DcganEstimator.Options options)
    {
        foreach ((OptionField field, Option<string?> option) in _options)
        {
            if (arguments.GetResult(option) != null)
                field.Set(options, arguments.GetValue(option) ?? "true");
        }
    }

    /// <summary>The library's defaults, and the tool's where the library asks for a name.</summary>
    public static DcganEstimator.Options Defaults() => new() { OutputColumnName = "Generated", Channels = 3 };

    private static Option<string?> Make(OptionField field)
    {
        (string what, string range) = OptionTexts.All[field.FieldName];
        string? standard = field.FieldName == nameof(DcganEstimator.Options.SampleInterval) ? null : field.Text(Defaults());
        string[] more = [.. new[] { range, standard is { Length: > 0 } ? $"default {standard}" : "" }.Where(text => text.Length > 0)];
        return new Option<string?>(field.Name)
        {
            Description = more.Length > 0 ? $"{what} ({string.Join("; ", more)})" : what,
            HelpName = field.ValueName,
            Arity = field.IsFlag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
    }
}
