using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Interop;

/// <summary>Runs a script of test/python with Debian's Python, and reads the JSON that it prints last.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";
    private static readonly ConcurrentDictionary<string, bool> _found = new();

    /// <param name="packages">Modules that it needs, and Debian's packages of them: the test is inconclusive where they are missing.</param>
    /// <param name="script">The script's name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static JsonNode Run(IReadOnlyDictionary<string, string> packages, string script, params string[] arguments)
    {
        if (!File.Exists(Program) || !_found.GetOrAdd(string.Join(", ", packages.Keys), modules => Start("-c", "import " + modules).Code == 0))
            Assert.Inconclusive($"needs Debian's {string.Join(" and ", packages.Values)}");
        (int code, string output, string errors) = Start([Path.Combine(Checkout.Root, "test", "python", script), .. arguments]);
        Assert.AreEqual(0, code, errors);
        return JsonNode.Parse(output)!;
    }

    private static (int Code, string Output, string Errors) Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
