using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;

#if DCGAN_TOOL // It compiles this file too, as it uses the library's public API alone.
namespace Microsoft.ML.Dcgan.Tool;
#else
namespace Microsoft.ML.Dcgan;
#endif

/// <summary>The options that are a type's public fields, in the order of their declaration, as their attributes describe them.</summary>
internal static class OptionsSchema<T> where T : class, new()
{
    public static IReadOnlyList<OptionField> Fields { get; } = OptionField.ReadAll(typeof(T), new T());

    public static OptionField Find(string name) => Fields.First(field => field.Name == name);

    /// <summary>Others with the same values; where only some count, with the others' defaults.</summary>
    public static T Copy(T options, Func<OptionField, bool>? counts = null)
    {
        var copy = new T();
        foreach (OptionField field in Fields.Where(counts ?? (_ => true)))
            field.Set(copy, field.Get(options));
        return copy;
    }

    /// <summary>A copy of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static T Validated(T options) => Fields.FirstOrDefault(field => !field.Allows(field.Get(options))) is { } wrong
        ? throw wrong.Refusal(options, wrong.Expected)
        : Copy(options);

    /// <exception cref="ArgumentOutOfRangeException">What must hold does not: the option of this name must be another.</exception>
    public static void Require(bool holds, T options, string name, string expected)
    {
        if (!holds)
            throw Find(name).Refusal(options, expected);
    }

    /// <summary>The first option whose value is another.</summary>
    public static OptionField? Difference(T first, T second, Func<OptionField, bool> counts) =>
        Fields.FirstOrDefault(field => counts(field) && !Equals(field.Get(first), field.Get(second)));
}

/// <summary>One option.</summary>
internal sealed class OptionField(FieldInfo declaration, object? standard, string group)
{
    private readonly RangeAttribute? _range = declaration.GetCustomAttribute<RangeAttribute>();
    private readonly object?[]? _allowed = declaration.GetCustomAttribute<AllowedValuesAttribute>()?.Values;

    public string Name => declaration.Name;

    /// <summary>Its type; where that is nullable, what it is then.</summary>
    public Type Kind { get; } = Nullable.GetUnderlyingType(declaration.FieldType) ?? declaration.FieldType;

    /// <summary>What it belongs to: its own category, or that of the field before it.</summary>
    public string Group => group;

    public string Help => declaration.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

    /// <summary>What it must be, as in "from 1 to 1,000 steps"; empty where it may be anything.</summary>
    public string Expected => Describe(declaration.GetCustomAttribute<DataTypeAttribute>()?.CustomDataType ?? "");

    public object? Default => standard;

    /// <summary>That value as text and, where it is null, what that means.</summary>
    public string DefaultText { get; } = declaration.GetCustomAttribute<DisplayFormatAttribute>()?.NullDisplayText is { } none
        ? $"null, {none}" : Text(standard);

    public bool IsStored => !Has<JsonIgnoreAttribute>();

    /// <summary>Whether text can say it: callbacks and the like cannot be said.</summary>
    public bool IsText => Kind.IsEnum || Kind == typeof(string) || Kind == typeof(bool) || IsNumber;

    public bool IsNumber => Kind == typeof(double) || Kind == typeof(int) || Kind == typeof(long);

    public bool IsFlagSet => Kind.IsDefined(typeof(FlagsAttribute));

    public static IReadOnlyList<OptionField> ReadAll(Type type, object defaults)
    {
        var fields = new List<OptionField>();
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance).OrderBy(field => field.MetadataToken))
        {
            string? group = field.GetCustomAttribute<CategoryAttribute>()?.Category ?? fields.LastOrDefault()?.Group;
            fields.Add(new OptionField(field, field.GetValue(defaults), group ?? ""));
        }
        return fields;
    }

    public bool Has<TAttribute>() where TAttribute : Attribute => declaration.IsDefined(typeof(TAttribute));

    public object? Get(object options) => declaration.GetValue(options);

    public string TextOf(object options) => Get(options) switch
    {
        null => Default is string ? "empty" : "null",
        string text when string.IsNullOrWhiteSpace(text) => "empty",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public void Set(object options, object? value) => declaration.SetValue(options, value);

    public bool Allows(object? value) => value switch
    {
        null => Default == null,
        string text => !string.IsNullOrWhiteSpace(text),
        Enum choice when IsFlagSet => (Bits(choice) & ~Enum.GetValues(Kind).Cast<Enum>().Aggregate(0L, (all, one) => all | Bits(one))) == 0,
        Enum choice => Enum.IsDefined(Kind, choice),
        _ when _allowed != null => _allowed.Contains(value),
        // Not a number is in no range, and infinity in none either.
        _ when _range != null => double.IsFinite(Number(value)) && _range.IsValid(value),
        _ => true,
    };

    /// <summary>The error that names the option, its value, what it must be, and what it is by default.</summary>
    public ArgumentOutOfRangeException Refusal(object options, string expected)
    {
        string standard = DefaultText.Length > 0 ? $" The default is {DefaultText}." : "";
        return new ArgumentOutOfRangeException(Name, $"{Name} is {TextOf(options)}, but it must be {expected}.{standard}");
    }

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static long Bits(Enum value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private string Describe(string unit)
    {
        // Of flags those that are no sum of others.
        IEnumerable<string> choices = from Enum choice in Kind.IsEnum ? Enum.GetValues(Kind) : Array.Empty<Enum>()
                                      where !IsFlagSet || long.PopCount(Bits(choice)) <= 1
                                      select choice.ToString();
        string text = Kind.IsEnum ? Join([.. choices, .. IsFlagSet ? ["several of them"] : Array.Empty<string>()])
            : _allowed != null ? Join([.. _allowed.Select(Text)])
            : _range != null ? Describe(_range)
            : "";
        return string.Join(' ', new[] { text, unit }.Where(part => part.Length > 0));
    }

    private static string Join(string[] all) => $"{string.Join(", ", all[..^1])} or {all[^1]}";

    private static string Describe(RangeAttribute range)
    {
        (string least, string most) = (Text(range.Minimum), Text(range.Maximum));
        bool isOpen = range.Maximum is int.MaxValue or double.PositiveInfinity;
        return (range.MinimumIsExclusive, range.MaximumIsExclusive) switch
        {
            (true, _) => isOpen ? $"above {least}" : $"above {least} and {(range.MaximumIsExclusive ? "below" : "at most")} {most}",
            (_, true) => $"at least {least} and below {most}",
            _ => isOpen ? $"{least} or more" : $"from {least} to {most}",
        };
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        "" => "",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        int or long or double => Number(value).ToString("#,0.##########", CultureInfo.InvariantCulture),
        Enum choice => choice.ToString(),
        _ => "none",
    };
}
