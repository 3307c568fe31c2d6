using System;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>PyTorch's official example in a process of its own, which trains when it is told to.</summary>
internal sealed class PyTorchExample : IContender
{
    private readonly Process _process;

    public PyTorchExample(BenchmarkOptions options)
    {
        string[] arguments =
        [
            options.Script, "--size", Text(options.Size), "--channels", Text(options.Channels), "--batch", Text(options.Batch),
            "--maps", Text(options.Maps), "--threads", Text(options.Threads),
        ];
        var start = new ProcessStartInfo(options.Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        _process = Process.Start(start)!;

        using JsonDocument greeting = JsonDocument.Parse(ReadLine());
        string version = greeting.RootElement.GetProperty("torch").GetString()!;
        Name = $"PyTorch's example, torch {version}, {greeting.RootElement.GetProperty("threads").GetInt32()} threads";
    }

    public string Name { get; }

    public TimeSpan Train(int steps)
    {
        _process.StandardInput.WriteLine($"step {Text(steps)}");
        return TimeSpan.FromSeconds(double.Parse(ReadLine(), CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.WriteLine("quit");
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch's side ended early; its message is above.");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
