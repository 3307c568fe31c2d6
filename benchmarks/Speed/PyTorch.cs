using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>A PyTorch program in a process of its own, which trains and generates when it is told to.</summary>
internal sealed class PyTorch : IContender
{
    private readonly Process _process;

    private PyTorch(BenchmarkOptions options, string name, string script, params string[] arguments)
    {
        Name = $"{name}, its own libtorch";
        var start = new ProcessStartInfo(options.Python,
        [
            Path.Combine(options.Scripts, script), "--size", Text(options.Size), "--channels", Text(options.Channels), "--batch",
                Text(options.Batch),
            "--maps", Text(options.Maps), "--noise", Text(BenchmarkOptions.NoiseSize), "--threads", Text(options.Threads),
            "--device", options.Device.type == DeviceType.CUDA ? "cuda" : "cpu", .. arguments,
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (script == TunedScript)
        {
            // What the library asks of glibc, a Python program asks by environment.
            start.Environment["MALLOC_MMAP_THRESHOLD_"] = Text(32 << 20);
            start.Environment["MALLOC_TRIM_THRESHOLD_"] = Text(int.MaxValue);
            start.Environment["MALLOC_TOP_PAD_"] = Text(64 << 20);
        }
        _process = Process.Start(start)!;

        using JsonDocument greeting = JsonDocument.Parse(ReadLine());
        Details = $"torch {greeting.RootElement.GetProperty("torch").GetString()}, {greeting.RootElement.GetProperty("threads").GetInt32()} threads" +
            (arguments.Length > 0 ? $", {string.Join(' ', arguments)}" : "");
    }

    private const string TunedScript = "dcgan_tuned.py";

    public static bool IsInstalled(BenchmarkOptions options)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(options.Python, ["-c", "import torch"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The example as it is, and tuned.</summary>
    public static IEnumerable<PyTorch> All(BenchmarkOptions options)
    {
        yield return Example(options);
        yield return Tuned(options, "float32");
        yield return Tuned(options, "bfloat16");
        if (options.Device.type == DeviceType.CUDA)
            yield return Compiled(options);
    }

    /// <summary>PyTorch's official example as it is.</summary>
    public static PyTorch Example(BenchmarkOptions options) => new(options, "PyTorch's example", "dcgan_example.py");

    /// <summary>The example tuned by hand.</summary>
    private static PyTorch Tuned(BenchmarkOptions options, string precision) =>
        new(options, $"PyTorch tuned, {precision}", TunedScript, "--precision", precision);

    /// <summary>The tuned one through torch.compile, which PyTorch has from 2.0.</summary>
    private static PyTorch Compiled(BenchmarkOptions options) =>
        new(options, "PyTorch compiled, bfloat16", TunedScript, "--precision", "bfloat16", "--compile");

    public string Name { get; }

    public string Details { get; }

    public int ProcessId => _process.Id;

    public TimeSpan Train(int steps) => Ask($"step {Text(steps)}");

    public TimeSpan Generate(int batch, int batches) => Ask($"generate {Text(batch)} {Text(batches)}");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.WriteLine("quit");
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private TimeSpan Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        return TimeSpan.FromSeconds(double.Parse(ReadLine(), CultureInfo.InvariantCulture));
    }

    private string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended early; its message is above.");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
