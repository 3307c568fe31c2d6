using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML.Dcgan.Tests.Build;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>What some tests need and not every machine has. Where it is missing they say so, and count as skipped.</summary>
internal static class Needs
{
    private const string PythonProgram = "/usr/bin/python3";

    private static readonly string[] _browsers = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly ConcurrentDictionary<string, bool> _imported = new();
    private static readonly ConcurrentDictionary<string, bool> _missed = new();
    private static readonly Lazy<bool> _kernel = new(() =>
        OperatingSystem.IsLinux() && Runs(Checkout.DotnetPath, "tool", "run", "dotnet-interactive", "--", "--version"));

    /// <summary>The path of a Chromium.</summary>
    public static string Chromium() => Program("Chromium", _browsers);

    /// <summary>A launcher of MPI, as Debian has them side by side, with the arguments for so many processes on few processors.</summary>
    /// <param name="kind">"openmpi" or "mpich".</param>
    /// <param name="processes">How many.</param>
    public static string[] Mpi(string kind, int processes) =>
    [
        // As root it asks to be told twice; elsewhere it does not look.
        "env", "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "OMPI_MCA_rmaps_base_oversubscribe=1",
        Program(kind, [$"mpirun.{kind}"]), "-np", $"{processes}",
    ];

    /// <summary>The path of a Python that has these modules.</summary>
    public static string Python(params string[] modules)
    {
        string imports = string.Join(", ", modules);
        Installed(File.Exists(PythonProgram) && _imported.GetOrAdd(imports, _ => Runs(PythonProgram, "-c", "import " + imports)),
            $"{PythonProgram} with {imports}");
        return PythonProgram;
    }

    public static void Zsh() => Installed(OperatingSystem.IsLinux() && File.Exists("/bin/zsh"), "zsh, on Linux");

    /// <summary>The kernel of .NET notebooks, on Linux, as <c>dotnet tool restore</c> brings it.</summary>
    public static void NotebookKernel() => Installed(_kernel.Value, "the tool dotnet-interactive of .config/dotnet-tools.json, on Linux");

    /// <summary>What <c>npm ci</c> brings into a folder of the checkout.</summary>
    public static void NodeModules(string folder) => Installed(Directory.Exists(Path.Combine(Checkout.Root, folder, "node_modules")),
        $"{folder}/node_modules, which npm ci brings");

    /// <summary>A GPU that TorchSharp finds.</summary>
    public static void Cuda() => That(torch.cuda.is_available(),
        "an NVIDIA GPU, and TorchSharp's CUDA package (-p:TorchRuntime=cuda-linux or cuda-windows)");

    /// <summary>Something of this machine that nobody can install.</summary>
    public static void That(bool found, string what)
    {
        if (found)
            return;
        _missed[what] = true;
        Assert.Inconclusive($"Needs {what}.");
    }

    public static void SayWhatWasMissed(TestContext context)
    {
        foreach (string what in _missed.Keys.Order(StringComparer.Ordinal))
            context.DisplayMessage(MessageLevel.Warning, $"Skipped tests need {what}.");
    }

    private static string Program(string what, string[] names)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Installed(program != null, $"{what} on the PATH");
        return program!;
    }

    private static void Installed(bool found, string what) =>
        That(found, what + ": eng/install-debian.sh installs it on Debian and Ubuntu");

    private static bool Runs(string program, params string[] arguments)
    {
        using Process process = Process.Start(Checkout.Start(program, Checkout.Root, arguments))!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
