using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>The kernel of .NET notebooks as a process of its own, spoken to as editors do: a line of JSON a command or an event.</summary>
internal sealed class NotebookKernel : IDisposable
{
    private readonly Process _process;
    private readonly TimeSpan _patience;
    private readonly Task<string> _errors;
    private int _commands;

    /// <param name="packages">What "#r" finds.</param>
    /// <param name="folder">The folder that the code runs in.</param>
    /// <param name="patience">How long it may be silent.</param>
    public NotebookKernel(KernelPackages packages, string folder, TimeSpan patience)
    {
        _patience = patience;
        ProcessStartInfo start = Checkout.Start(Checkout.DotnetPath, Checkout.Root, "tool", "run", "dotnet-interactive", "--", "stdio",
            "--working-dir", folder);
        foreach ((string name, string value) in packages.Environment)
            start.Environment[name] = value;
        start.RedirectStandardInput = true;
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>How often something was shown in the place of what had been.</summary>
    public int Updates { get; private set; }

    /// <summary>Runs a cell; returns what it printed, and what it showed, by MIME type.</summary>
    /// <exception cref="InvalidOperationException">It does not compile, or throws.</exception>
    public async Task<(string Printed, IReadOnlyList<IReadOnlyDictionary<string, string>> Shown)> Run(string code)
    {
        string token = $"{++_commands}";
        var command = new JsonObject
        {
            ["token"] = token,
            ["commandType"] = "SubmitCode",
            ["command"] = new JsonObject { ["code"] = code, ["targetKernelName"] = "csharp" }
        };
        await _process.StandardInput.WriteLineAsync(command.ToJsonString());
        await _process.StandardInput.FlushAsync();

        var printed = new StringBuilder();
        var shown = new List<IReadOnlyDictionary<string, string>>();
        while (true)
        {
            JsonNode happened = await Next(code);
            JsonNode what = happened["event"]!;
            bool isOurs = (string?)happened["command"]?["token"] == token;
            switch ((string?)happened["eventType"])
            {
                case "StandardOutputValueProduced":
                    printed.Append(Values(what)["text/plain"]);
                    break;
                case "DisplayedValueProduced" or "ReturnValueProduced":
                    shown.Add(Values(what));
                    break;
                case "DisplayedValueUpdated":
                    Updates++;
                    break;
                case "CommandSucceeded" when isOurs:
                    return (printed.ToString(), shown);
                case "CommandFailed" when isOurs:
                    throw new InvalidOperationException($"{what["message"]}\nin the cell\n{code}");
            }
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<JsonNode> Next(string code)
    {
        using var patience = new CancellationTokenSource(_patience);
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The kernel was silent for {_patience} in the cell\n{code}");
        }
        return line != null ? JsonNode.Parse(line)!
            : throw new InvalidOperationException($"The kernel ended: {await _errors}\nin the cell\n{code}");
    }

    private static Dictionary<string, string> Values(JsonNode what) =>
        what["formattedValues"]!.AsArray().ToDictionary(value => (string)value!["mimeType"]!, value => (string)value!["value"]!);
}
