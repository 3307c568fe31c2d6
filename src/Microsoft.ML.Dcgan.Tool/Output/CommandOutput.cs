using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan.Tool.Output;

/// <summary>Where a command's words go: results to standard output, all else to standard error.</summary>
/// <param name="output">Standard output.</param>
/// <param name="errors">Standard error.</param>
/// <param name="json">Whether standard output is for one JSON object alone.</param>
internal sealed class CommandOutput(TextWriter output, TextWriter errors, bool json)
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Where the progress of long jobs is shown.</summary>
    public TextWriter Errors => errors;

    /// <summary>While a job has the terminal, how to write a line above its bar.</summary>
    public Action<string>? AboveBar { get; set; }

    /// <summary>A line of a result, for people.</summary>
    public void Line(string text = "") => (json ? errors : output).WriteLine(text);

    /// <summary>What is worth knowing, but no result.</summary>
    public void Note(string text)
    {
        if (AboveBar is { } write)
            write(text);
        else
            errors.WriteLine(text);
    }

    /// <summary>A context whose warnings are notes.</summary>
    public MLContext Context(int? seed = null)
    {
        var context = new MLContext(seed);
        context.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
                Note(ErrorMessage.InTheToolsWords(entry.RawMessage));
        };
        return context;
    }

    /// <summary>The result, for scripts.</summary>
    public void Result(object result)
    {
        if (json)
            output.WriteLine(JsonSerializer.Serialize(result, _options));
    }
}

internal static class Duration
{
    /// <summary>Minutes and seconds, and hours where there are any.</summary>
    public static string Text(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}

internal static class ByteCount
{
    /// <summary>In the largest unit of which it is at least one.</summary>
    public static string Text(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} bytes",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
    };
}

internal static class Count
{
    /// <summary>"1 picture", "2 pictures".</summary>
    public static string Of(int number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : many ?? one + "s")}");
}

internal static class Shell
{
    /// <summary>A path as one word of a command line.</summary>
    public static string Quoted(string path) =>
        path.All(letter => char.IsLetterOrDigit(letter) || "/\\.:_-+~".Contains(letter)) ? path : $"\"{path}\"";
}
