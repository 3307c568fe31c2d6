using System.Collections.Concurrent;
using System.Diagnostics;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>The web service of the samples as a process of its own, on a port of this machine that was free.</summary>
internal sealed class RunningService : IDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningService(IEnumerable<string> arguments)
    {
        string program = BuiltProgram.Of("samples/WebService", "WebService.dll");
        Process = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                [program, .. arguments, "--urls", "http://127.0.0.1:0"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        Process.OutputDataReceived += (_, line) => Note(line.Data);
        Process.ErrorDataReceived += (_, line) => Note(line.Data);
        Process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The service ended."));
        Process.Start();
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public Process Process { get; }

    /// <summary>All that it wrote.</summary>
    public string Output => string.Join(Environment.NewLine, _output);

    public Uri Address => _address.Task.Result;

    /// <summary>Asks it, over as many connections as there are requests at once.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Starts one that listens.</summary>
    public static async Task<RunningService> Start(params string[] arguments)
    {
        var service = new RunningService(arguments);
        try
        {
            Uri address = await service._address.Task.WaitAsync(_patience);
            service.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = _patience };
            return service;
        }
        catch (Exception failure)
        {
            service.Dispose();
            throw new InvalidOperationException($"The service does not start: {service.Output}", failure);
        }
    }

    /// <summary>Starts one that is to refuse its arguments, and returns its exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> Fail(params string[] arguments)
    {
        using var service = new RunningService(arguments);
        return (await service.End(), service.Output);
    }

    /// <summary>Asks it to end, as a terminal or a container does, and returns its exit code.</summary>
    public Task<int> Terminate()
    {
        Process.Start("kill", $"-TERM {Process.Id}").WaitForExit();
        return End();
    }

    public void Dispose()
    {
        Client?.Dispose();
        if (!Process.HasExited)
            Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }

    private async Task<int> End()
    {
        await Process.WaitForExitAsync().WaitAsync(_patience);
        return Process.ExitCode;
    }

    private void Note(string? line)
    {
        if (line == null)
            return;
        _output.Enqueue(line);
        int at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0)
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
    }
}
