using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Dcgan.Tool.Options;

/// <summary>A field of <see cref="DcganEstimator.Options"/> as an option of the command line: LearningRate is <c>--learning-rate</c>.</summary>
internal sealed class OptionField
{
    private readonly FieldInfo _field;
    private readonly Type _kind;

    private OptionField(FieldInfo field)
    {
        _field = field;
        _kind = Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType;
        Name = "--" + Kebab(field.Name);
    }

    /// <summary>All whose values can be written as text, in the order of their declaration.</summary>
    public static IReadOnlyList<OptionField> All { get; } =
        typeof(DcganEstimator.Options).GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => new OptionField(field)).Where(field => field.IsText).ToArray();

    /// <summary>What the command line calls it.</summary>
    public string Name { get; }

    /// <summary>What the library calls it.</summary>
    public string FieldName => _field.Name;

    public bool IsFlag => _kind == typeof(bool);

    /// <summary>What stands for a value in help texts.</summary>
    public string ValueName => _kind.IsEnum ? string.Join(IsFlagSet ? "," : "|", ValueNames)
        : IsFlag ? "true|false"
        : _kind == typeof(string) ? FieldName.EndsWith("Folder", StringComparison.Ordinal) ? "DIR" : "NAME"
        : _kind == typeof(double) ? "X" : "N";

    private bool IsText => _kind.IsEnum || _kind == typeof(string) || _kind == typeof(bool) || _kind == typeof(double) || _kind == typeof(int) || _kind == typeof(long);

    private bool IsFlagSet => _kind.IsDefined(typeof(FlagsAttribute));

    private IEnumerable<string> ValueNames => Enum.GetNames(_kind).Select(Kebab);

    /// <param name="name">The library's name of a field.</param>
    public static OptionField? Find(string name) => All.FirstOrDefault(field => field.FieldName == name);

    public object? Get(DcganEstimator.Options options) => _field.GetValue(options);

    /// <summary>The value as the command line has it; null where there is none.</summary>
    public string? Text(DcganEstimator.Options options) => Get(options) switch
    {
        null => null,
        Enum value => string.Join(',', value.ToString().Split(", ").Select(Kebab)),
        bool value => value ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <exception cref="UsageException">It has no such value.</exception>
    public void Set(DcganEstimator.Options options, string text) => _field.SetValue(options, Parse(text));

    private object Parse(string text)
    {
        if (_kind == typeof(string))
            return text;
        if (_kind.IsEnum)
            return ParseNames(text);
        try
        {
            // Not ChangeType, to which 0,001 is 1 with a separator of thousands.
            return _kind == typeof(double)
                ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
                : Convert.ChangeType(text, _kind, CultureInfo.InvariantCulture);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            string expected = IsFlag ? "true or false" : _kind == typeof(double) ? "a number with a decimal point, such as 0.5" : "a whole number";
            throw new UsageException($"{Name} takes {expected}, not '{text}'");
        }
    }

    private object ParseNames(string text)
    {
        string[] names = IsFlagSet ? text.Split(',', StringSplitOptions.TrimEntries) : [text];
        long value = 0;
        foreach (string name in names)
        {
            // As in the help text, or as in the library.
            string? found = Enum.GetNames(_kind).FirstOrDefault(known => known.Equals(name.Replace("-", ""), StringComparison.OrdinalIgnoreCase));
            value |= found != null
                ? Convert.ToInt64(Enum.Parse(_kind, found), CultureInfo.InvariantCulture)
                : throw new UsageException($"{Name} takes {(IsFlagSet ? "one or more of " : "")}{string.Join(", ", ValueNames)}, not '{name}'");
        }
        return Enum.ToObject(_kind, value);
    }

    // "R1Penalty" is two words, "BFloat16" is one.
    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) && !char.IsUpper(name[i - 1]) ? $"-{letter}" : $"{letter}")).ToLowerInvariant();
}
