using System.Diagnostics;
using System.Text.Json;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>A script of benchmarks/python that prints its results as lines of JSON.</summary>
internal static class PythonScript
{
    public static IEnumerable<JsonElement> Run(BenchmarkOptions options, string script, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(options.Python,
            [Path.Combine(options.Scripts, script), .. arguments])
        { RedirectStandardOutput = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using JsonDocument result = JsonDocument.Parse(line);
            yield return result.RootElement.Clone();
        }
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{script} failed; its message is above.");
    }
}
