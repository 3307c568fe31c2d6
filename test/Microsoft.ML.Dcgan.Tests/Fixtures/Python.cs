using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Runs a script of test/python with Debian's Python, and reads the JSON that it prints last.</summary>
internal static class Python
{
    /// <param name="modules">What it imports: the test is skipped where one is missing.</param>
    /// <param name="script">The script's name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static JsonNode Run(string[] modules, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Needs.Python(modules),
            [Path.Combine(Checkout.Root, "test", "python", script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return JsonNode.Parse(output)!;
    }
}
