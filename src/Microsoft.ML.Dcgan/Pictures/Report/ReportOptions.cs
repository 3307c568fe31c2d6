using System.Globalization;
using System.Reflection;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>What a model was trained with: the options that are not as they would be by default, and then the others.</summary>
internal static class ReportOptions
{
    // Of the run and the machine, not of the model.
    private static readonly string[] _elsewhere =
    [
        nameof(DcganEstimator.Options.Device), nameof(DcganEstimator.Options.CacheFolder), nameof(DcganEstimator.Options.Progress), nameof(DcganEstimator.Options.Samples),
        nameof(DcganEstimator.Options.CancellationToken), nameof(DcganEstimator.Options.EvaluationFeatures), nameof(DcganEstimator.Options.ImageColumnName),
    ];

    private static readonly FieldInfo[] _fields = typeof(DcganEstimator.Options).GetFields(BindingFlags.Public | BindingFlags.Instance)
        .Where(field => !_elsewhere.Contains(field.Name)).ToArray();

    public static string Section(ModelDescription description)
    {
        (string Name, string Value, string Default)[] all = Rows(description).ToArray();
        string[][] set = all.Where(row => row.Value != row.Default).Select(row => new[] { row.Name, row.Value, row.Default }).ToArray();
        (string, string)[] others = all.Where(row => row.Value == row.Default).Select(row => (row.Name, row.Value)).ToArray();
        return Html.Section("Options", Html.Table(["option", "value", "default"], set) +
            $"\n<details><summary>{others.Length} options as they are by default</summary>{Html.Table(others)}</details>");
    }

    /// <summary>Every option that a model knows, as text.</summary>
    public static IEnumerable<(string Name, string Value, string Default)> Rows(ModelDescription description)
    {
        DcganEstimator.Options trained = DcganEstimator.Options.Of(description), defaults = new();
        return _fields.Select(field => (field.Name, Text(field.GetValue(trained)), Text(field.GetValue(defaults))));
    }

    private static string Text(object? value) => value switch
    {
        null or "" => "not set",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
