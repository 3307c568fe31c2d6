using System.Globalization;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>What the benchmarks print, with numbers as everywhere.</summary>
internal static class Report
{
    public static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
