using System.Globalization;

namespace Microsoft.ML.Dcgan.Tool.Inspection;

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
