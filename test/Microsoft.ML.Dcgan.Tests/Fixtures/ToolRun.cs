using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Tool;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>What a command did.</summary>
internal sealed record ToolRun(int Code, string Output, string Errors)
{
    /// <summary>The smallest pictures and networks that train.</summary>
    public static readonly string[] Small = ["--size", "8", "--generator-feature-maps", "2", "--discriminator-feature-maps", "2",
        "--noise-size", "4", "--batch-size", "4", "--device", "cpu"];

    public JsonNode Json => JsonNode.Parse(Output)!;

    public static ToolRun Of(params string[] arguments) => Of(CancellationToken.None, arguments);

    public static ToolRun Of(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = new CommandLineTool(output, errors, cancellation).Run(arguments);
        return new ToolRun(code, output.ToString(), errors.ToString());
    }

    /// <summary>Which must succeed.</summary>
    public static ToolRun Done(params string[] arguments)
    {
        ToolRun run = Of(arguments);
        Assert.AreEqual(ExitCode.Done, run.Code, run.Errors);
        return run;
    }

    /// <summary>Which must fail, with one line that says all this.</summary>
    public static void Fails(int code, string[] arguments, params string[] messages)
    {
        ToolRun run = Of(arguments);
        Assert.AreEqual(code, run.Code, run.Errors);
        Assert.AreEqual("", run.Output);
        string line = run.Errors.TrimEnd().Split('\n')[^1];
        StringAssert.StartsWith(line, "dcgan: ");
        foreach (string message in messages)
            StringAssert.Contains(line, message);
    }

    /// <summary>A process of its own.</summary>
    /// <param name="program">The tool's assembly; by default the one that these tests are built with.</param>
    /// <param name="meanwhile">What to do while it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ToolRun InProcess(string? program, Action<Process>? meanwhile, params string[] arguments) =>
        InProcess(program, meanwhile, [], arguments);

    /// <summary>A process of its own, started by another program.</summary>
    public static ToolRun InProcess(string? program, Action<Process>? meanwhile, string[] starter, string[] arguments)
    {
        program ??= Path.Combine(AppContext.BaseDirectory, "Microsoft.ML.Dcgan.Tool.dll");
        // Whatever started these tests may have Ctrl-C ignored, and children inherit that.
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        IEnumerable<string> command = OperatingSystem.IsLinux() ? ["--default-signal=INT", .. starter, dotnet, program, .. arguments]
            : [program, .. arguments];
        var start = new ProcessStartInfo(OperatingSystem.IsLinux() ? "env" : dotnet, command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        meanwhile?.Invoke(process);
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{string.Join(' ', arguments)}' did not end.");
        }
        return new ToolRun(process.ExitCode, output.Result, errors.Result);
    }
}
