using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>Options of the estimator by name and value, as in "Loss=Hinge,R1Penalty=10"; the rest as in the paper.</summary>
internal sealed class Configuration
{
    public const string BaselineName = "baseline";
    public const string DefaultsName = "defaults";

    // Whoever changes a default adds its former value here. So the baseline stays what it was, a run is found under the same
    // name whether its options were set or had become the defaults, and the tables of benchmarks/results can be made again.
    private static readonly Dictionary<string, string> _formerDefaults = new()
    {
        [nameof(DcganEstimator.Options.LearningRate)] = "0.0002",
        [nameof(DcganEstimator.Options.LearningRateSchedule)] = "Constant",
        [nameof(DcganEstimator.Options.Beta1)] = "0.5",
        [nameof(DcganEstimator.Options.Loss)] = "NonSaturating",
        [nameof(DcganEstimator.Options.R1Penalty)] = "0",
        [nameof(DcganEstimator.Options.R2Penalty)] = "0",
        [nameof(DcganEstimator.Options.AverageHalfLife)] = "0",
        [nameof(DcganEstimator.Options.Augmentation)] = "None",
        [nameof(DcganEstimator.Options.AdaptiveAugmentation)] = "False",
        [nameof(DcganEstimator.Options.SynchronizeBatchStatistics)] = "False",
    };

    // What the benchmarks have options of their own for, or is no part of the training.
    private static readonly string[] _reserved =
    [
        nameof(DcganEstimator.Options.OutputColumnName), nameof(DcganEstimator.Options.NoiseColumnName),
            nameof(DcganEstimator.Options.ImageColumnName),
        nameof(DcganEstimator.Options.Epochs), nameof(DcganEstimator.Options.Seed), nameof(DcganEstimator.Options.ProgressInterval),
        nameof(DcganEstimator.Options.CheckpointFolder), nameof(DcganEstimator.Options.CheckpointInterval),
            nameof(DcganEstimator.Options.CheckpointMinutes),
        nameof(DcganEstimator.Options.CheckpointsKept), nameof(DcganEstimator.Options.Resume), nameof(DcganEstimator.Options.CacheFolder),
        nameof(DcganEstimator.Options.SampleInterval), nameof(DcganEstimator.Options.SampleCount),
    ];

    private static readonly FieldInfo[] _fields = typeof(DcganEstimator.Options).GetFields(BindingFlags.Public | BindingFlags.Instance)
        .Where(field => IsText(Kind(field)) && !_reserved.Contains(field.Name)).ToArray();

    private readonly (FieldInfo Field, object? Value)[] _settings;

    private Configuration(IEnumerable<(FieldInfo, object?)> settings) => _settings = settings.ToArray();

    /// <summary>The library's defaults.</summary>
    public static Configuration Defaults { get; } = new([]);

    /// <param name="text">NAME=VALUE, separated by commas; flags that go together are joined by +. After the word "defaults" they are on
    /// top of the library's, otherwise on the baseline.</param>
    /// <exception cref="FormatException">There is no such option, or it has no such value.</exception>
    public static Configuration Parse(string text) => text.Split(',', 2) is [DefaultsName, .. var rest]
        ? OfDefaults(string.Join(',', rest))
        : OfDefaults(string.Join(',', _formerDefaults.Select(former => $"{former.Key}={former.Value}").Append(text)));

    private static Configuration OfDefaults(string text) =>
        new(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Setting).ToArray());

    public DcganEstimator.Options Apply(DcganEstimator.Options options)
    {
        foreach ((FieldInfo field, object? value) in _settings)
            field.SetValue(options, value);
        return options;
    }

    /// <summary>What is not as in the baseline, whether it was set or is a default by now.</summary>
    /// <param name="make">Makes the options that the benchmark starts from.</param>
    public string Name(Func<DcganEstimator.Options> make)
    {
        Dictionary<string, string> baseline = Values(Parse("").Apply(make()));
        string name = string.Join(',',
            Values(Apply(make())).Where(value => value.Value != baseline[value.Key]).Select(value => $"{value.Key}={value.Value}"));
        return name.Length == 0 ? BaselineName : name;
    }

    /// <summary>All options by name.</summary>
    public static Dictionary<string, string> Values(DcganEstimator.Options options) =>
        _fields.ToDictionary(field => field.Name, field => Format(field.GetValue(options)));

    private static (FieldInfo, object?) Setting(string text)
    {
        string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts.Length < 2)
            throw new FormatException($"--set takes NAME=VALUE,NAME=VALUE..., not '{text}'");
        FieldInfo field = _fields.FirstOrDefault(field => field.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"--set knows no option '{parts[0]}'; there are {string.Join(", ", _fields.Select(field => field.Name))}");
        return (field, Value(field, parts[1]));
    }

    private static object? Value(FieldInfo field, string text)
    {
        Type kind = Kind(field);
        if (text.Equals("null", StringComparison.OrdinalIgnoreCase)
            && (Nullable.GetUnderlyingType(field.FieldType) != null || kind == typeof(string)))
            return null;
        if (kind == typeof(string))
            return text;
        if (kind.IsEnum)
        {
            bool isNumber = char.IsDigit(text.FirstOrDefault()) || text.StartsWith('-');
            return !isNumber && Enum.TryParse(kind, text.Replace('+', ','), ignoreCase: true, out object? value)
                ? value
                : throw new FormatException($"--set: {field.Name} takes {string.Join(", ", Enum.GetNames(kind))}, not '{text}'");
        }
        try
        {
            return kind == typeof(double)
                ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
                : Convert.ChangeType(text, kind, CultureInfo.InvariantCulture);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            string expected = kind == typeof(bool) ? "true or false" : kind == typeof(double) ? "a number, such as 0.5" : "a whole number";
            throw new FormatException($"--set: {field.Name} takes {expected}, not '{text}'");
        }
    }

    private static string Format(object? value) => value switch
    {
        null => "null",
        bool or Enum => value.ToString()!.Replace(", ", "+"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static Type Kind(FieldInfo field) => Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType;

    private static bool IsText(Type kind) => kind.IsEnum || kind == typeof(string) || kind == typeof(bool) || kind == typeof(double)
        || kind == typeof(int) || kind == typeof(long);
}
