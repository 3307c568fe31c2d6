using System.Globalization;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>A request's parameters. One that is missing or empty has its default; one that does not fit is named.</summary>
/// <param name="query">What stands in the request under a name.</param>
internal sealed class QueryValues(Func<string, string?> query)
{
    public int Number(string name, int byDefault, int least = int.MinValue, int most = int.MaxValue)
    {
        if (Text(name) is not { } text)
            return byDefault;
        string range = least == int.MinValue ? "a whole number" : $"a whole number from {least} to {most}";
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
            && number <= most
            ? number
            : throw new ParameterException(name, $"{name} is '{text}', but must be {range}.");
    }

    /// <summary>Numbers with commas between them.</summary>
    public float[] Numbers(string name, int most, float largest)
    {
        if (Text(name) is not { } text)
            return [];
        string[] parts = text.Split(',');
        if (parts.Length > most)
            throw new ParameterException(name, $"{name} has {parts.Length} numbers, but there may be {most}.");
        return Array.ConvertAll(parts, part =>
            float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && Math.Abs(number) <= largest
                ? number
                : throw new ParameterException(name,
                    FormattableString.Invariant($"{name} holds '{part}', but must be numbers from {-largest} to {largest}, with commas between them.")));
    }

    /// <summary>A class of the model, the first by default; null if it has none.</summary>
    public string? Label(DcganTransformer gan)
    {
        string? label = Text("label");
        if (gan.Classes.Count == 0)
            return label == null ? null : throw new ParameterException("label",
                $"label is '{label}', but this model was trained without classes.");
        if (label == null || gan.Classes.Contains(label))
            return label ?? gan.Classes[0];
        throw new ParameterException("label", $"label is '{label}', but must be one of: {string.Join(", ", gan.Classes)}.");
    }

    private string? Text(string name) => query(name) is { Length: > 0 } text ? text : null;
}

/// <summary>A request that its sender has to change.</summary>
internal sealed class ParameterException(string parameter, string message) : Exception(message)
{
    public string Parameter => parameter;
}
