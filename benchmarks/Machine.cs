using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>What a timing depends on besides the code.</summary>
internal static class Machine
{
    private static readonly string[] _prefixes =
        ["OMP_", "MKL_", "OPENBLAS_", "DNNL_", "ONEDNN_", "MALLOC_", "LD_PRELOAD", "GLIBC_TUNABLES"];

    public static string Describe() =>
        $"{Processor()}, {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB; " +
        $"{RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}";

    /// <summary>The environment's variables that native libraries heed.</summary>
    public static IEnumerable<string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => _prefixes.Any(((string)variable.Key).StartsWith))
            .Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal);

    /// <summary>The most that was resident at any time, by Linux's account.</summary>
    public static long PeakMemory(string process = "self") => Memory("VmHWM:", process);

    /// <summary>From here on the peak is counted anew.</summary>
    public static void ForgetPeakMemory() => File.WriteAllText("/proc/self/clear_refs", "5");

    /// <summary>What is resident now.</summary>
    public static long ResidentMemory(string process = "self") => Memory("VmRSS:", process);

    private static long Memory(string field, string process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith(field));
        return 1024 * long.Parse(line[field.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string Processor()
    {
        const string field = "model name";
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith(field)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

/// <summary>What the benchmarks print, with numbers as everywhere.</summary>
internal static class Report
{
    public static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
