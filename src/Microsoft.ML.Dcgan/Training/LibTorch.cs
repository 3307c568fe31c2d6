using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>TorchSharp's native libraries, loaded by their paths before TorchSharp asks for them by name: it then gets these, whatever
/// other libtorch the system would find first. Where that fails, TorchSharp is not asked at all, so the error says why.</summary>
internal static class LibTorch
{
    private static readonly Lazy<string?> _failure = new(Load);

    private static readonly string _platform = (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-") +
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Nothing, where libtorch can be used. To be called before anything of TorchSharp's is touched.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded.</exception>
    public static void Require()
    {
        if (_failure.Value is { } failure)
            throw new DllNotFoundException(failure);
    }

    /// <summary>Has another thread load it, while this one does something else that takes as long.</summary>
    public static void BeginLoading() => Task.Run(() => _failure.Value);

    private static string? Load()
    {
        string[] loaded = Loaded();
        string torchSharp = FileName("LibTorchSharp"), torch = FileName("torch_cpu");
        if (loaded.Any(path => Path.GetFileName(path) == torchSharp))
            return null;

        // Two in one process get into each other's way, and it crashes. One of the right name may be what the program chose.
        string? other = FindTorch(loaded);
        if (other != null && Path.GetFileName(other) != torch)
            return LibTorchFailure.Message($"'{other}' is loaded already", other, _platform);

        OpenMp.LetWaitingThreadsSleep();
        string[] folders = Folders().Distinct().Where(Directory.Exists).ToArray();
        IEnumerable<string> torchFiles = other != null ? [] : Find(torch) is { } own ? Libraries(own) : [torch];
        foreach (string library in torchFiles.Append(Find(torchSharp) ?? torchSharp))
        {
            if (Complaint(library, checkSymbols: Path.GetFileName(library) == torchSharp) is not { } complaint)
                continue;
            if (!Path.IsPathRooted(library))
                complaint += $"; it is not in {string.Join(", ", folders.Select(folder => $"'{folder}'"))} either";
            return LibTorchFailure.Message(complaint, FindTorch(Loaded()), _platform);
        }
        OpenMp.TakeOnlyOwnProcessors();
        return null;

        string? FindTorch(string[] paths) =>
            paths.FirstOrDefault(path => Path.GetFileName(path).StartsWith(torch, StringComparison.OrdinalIgnoreCase));

        string? Find(string file) => folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    // What each needs comes before it. Elsewhere than on Linux the loader looks beside a library for what that needs, first of all.
    private static IEnumerable<string> Libraries(string torch)
    {
        string[] names = OperatingSystem.IsLinux() ? ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"] : ["torch_cpu"];
        return names.Select(name => Path.Combine(Path.GetDirectoryName(torch)!, FileName(name))).Where(File.Exists);
    }

    // Where the host says that they are, beside the program, beside TorchSharp, and in the package cache, if TorchSharp is there.
    private static IEnumerable<string> Folders()
    {
        string native = Path.Combine("runtimes", _platform, "native");
        string hosts = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        // A program in a single file has its assemblies nowhere else.
        string assembly = typeof(torch).Assembly.Location;
        string torchSharp = assembly.Length > 0 ? Path.GetDirectoryName(assembly)! : AppContext.BaseDirectory;
        // As notebooks have it: torchsharp/0.107.0/lib/net8.0, and other packages beside torchsharp.
        string package = Path.GetFullPath(Path.Combine(torchSharp, "..", ".."));
        string libTorch = Path.GetFullPath(
            Path.Combine(package, "..", "..", $"libtorch-cpu-{_platform}", LibTorchFailure.TorchVersion ?? "", native));
        return hosts.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat([AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, native)])
            .Concat([torchSharp, Path.Combine(torchSharp, native), Path.Combine(package, native), libTorch])
            .Select(Path.TrimEndingDirectorySeparator);
    }

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static string[] Loaded()
    {
        using Process self = Process.GetCurrentProcess();
        return self.Modules.Cast<ProcessModule>().Select(module => module.FileName).ToArray();
    }

    /// <summary>Loads a library, for good. Returns null, or what the system's loader has to say.</summary>
    /// <param name="library">Its path, or its name alone.</param>
    /// <param name="checkSymbols">Whether to look up all that it calls now: what is missing would end the process later.</param>
    private static string? Complaint(string library, bool checkSymbols)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                NativeLibrary.Load(library);
            else
            {
                dlerror();
                if (dlopen(library, checkSymbols ? LoadNow : LoadLazily) == 0)
                    return Marshal.PtrToStringUTF8(dlerror());
            }
            return null;
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            return failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        }
    }

    // dlfcn.h
    private const int LoadLazily = 1;
    private const int LoadNow = 2;

    [DllImport("libdl.so.2")]
    private static extern nint dlopen([MarshalAs(UnmanagedType.LPUTF8Str)] string file, int flags);

    // What it returns is gone with the next call of its kind, which the runtime may make at any time.
    [DllImport("libdl.so.2")]
    private static extern nint dlerror();
}

/// <summary>The threads of libtorch's OpenMP: how they wait, and how many there are. What the environment says goes first.</summary>
internal static class OpenMp
{
    // 300,000 by default: as long as another program's thread may have the processor that they wait for.
    private const int Spins = 1_000;

    /// <summary>To be called before libtorch is loaded, which reads it then. .NET's own environment does not reach it.</summary>
    public static void LetWaitingThreadsSleep()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") == null)
            _ = setenv("GOMP_SPINCOUNT", Spins.ToString(CultureInfo.InvariantCulture), overwrite: 0);
    }

    /// <summary>As many as .NET counts processors, which a container's quota limits: OpenMP counts those of the machine.</summary>
    public static void TakeOnlyOwnProcessors()
    {
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") == null && Environment.ProcessorCount < get_num_threads())
            set_num_threads(Environment.ProcessorCount);
    }

    /// <summary>As many as are left to each of so many that run on the same processors, at least one. What is returned undoes it.</summary>
    public static IDisposable? Share(int sharing) =>
        sharing == 1 || Environment.GetEnvironmentVariable("OMP_NUM_THREADS") != null ? null : new FewerThreads(sharing);

    private sealed class FewerThreads : IDisposable
    {
        private readonly int _before = get_num_threads();

        public FewerThreads(int sharing) => set_num_threads(Math.Max(1, _before / sharing));

        public void Dispose() => set_num_threads(_before);
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);
}

/// <summary>Why TorchSharp's native libraries do not load, and what to do about it.</summary>
internal static class LibTorchFailure
{
    private const string More = "docs/troubleshooting.md tells more.";

    /// <summary>The version of libtorch that this TorchSharp was built for, if it says so where it used to. To call what returns it would
    /// load libtorch.</summary>
    public static string? TorchVersion { get; } = typeof(torch)
        .GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() is string version
            ? Version.Parse(version).ToString(3)
            : null;

    private static string TorchSharpVersion { get; } = typeof(torch).Assembly.GetName().Version!.ToString(3);

    /// <param name="complaint">What the system's loader says.</param>
    /// <param name="loaded">The libtorch that the process has now, if there is one.</param>
    /// <param name="platform">Of this process, such as "linux-x64".</param>
    public static string Message(string complaint, string? loaded, string platform) =>
        $"The native libraries of TorchSharp cannot be loaded: {complaint.TrimEnd('.')}. {Advice(complaint, loaded, platform)}";

    private static string Advice(string complaint, string? loaded, string platform)
    {
        string system = RuntimeInformation.RuntimeIdentifier;
        bool isMusl = system.Contains("musl", StringComparison.Ordinal) || system.StartsWith("alpine", StringComparison.Ordinal);
        if (platform is not ("linux-x64" or "win-x64" or "win-arm64" or "osx-arm64") || isMusl)
        {
            return $"There are none for this system, {system}: " +
                "TorchSharp is made for Linux with glibc on x64, Windows on x64, and macOS on Arm64.";
        }
        if (complaint.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            return "This system's C++ library is older than GCC 13's. Set <DcganOldLibstdcxx>true</DcganOldLibstdcxx> " +
                $"in the program's project file and build it again, or run it on Debian 13, Ubuntu 24.04, Fedora 38 or newer. {More}";
        }
        string cuda = platform == "linux-x64" ? ", or TorchSharp-cuda-linux for NVIDIA GPUs"
            : platform == "win-x64" ? ", or TorchSharp-cuda-windows for NVIDIA GPUs"
            : "";
        string reference = $"reference TorchSharp-cpu{cuda}, version {TorchSharpVersion}";
        if (complaint.Contains("undefined symbol", StringComparison.Ordinal) ||
            complaint.EndsWith("is loaded already", StringComparison.Ordinal))
        {
            string needed = TorchVersion ?? "of its own packages", other = loaded != null ? $": '{loaded}'" : "";
            return $"TorchSharp {TorchSharpVersion} needs libtorch {needed}, and this is another{other}. " +
                $"Take it out of the process, or out of LD_LIBRARY_PATH, and {reference}. {More}";
        }
        return $"The program's project must {reference}; where it does, build it again. {More}";
    }
}

/// <summary>What libtorch reports has a sentence and then dozens of lines about C++ functions. Users get the sentence, and what was being
/// done; the original is not kept as an inner exception, which would be printed with all its lines.</summary>
internal static partial class LibTorchErrors
{
    /// <summary>Does the work of an operation, such as "Training".</summary>
    /// <exception cref="InsufficientMemoryException">libtorch got no memory.</exception>
    /// <exception cref="InvalidOperationException">libtorch failed otherwise.</exception>
    public static T InOneSentence<T>(string operation, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException failure) when (failure.Source == typeof(torch).Assembly.GetName().Name)
        {
            throw Translate(operation, failure.Message);
        }
    }

    /// <inheritdoc cref="InOneSentence{T}"/>
    public static void InOneSentence(string operation, Action work) => InOneSentence(operation, () =>
    {
        work();
        return true;
    });

    public static Exception Translate(string operation, string report)
    {
        string sentence = Around().Replace(report.TrimStart().Split('\n')[0], "").Trim().TrimEnd('.');
        return sentence.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || sentence.Contains("can't allocate memory", StringComparison.Ordinal)
            ? new InsufficientMemoryException(
                $"{operation} needs more memory than there is: {sentence}. Lower BatchSize (in generating, GenerationBatchSize), " +
                "or have fewer feature maps or smaller images.")
            : new InvalidOperationException($"{operation} failed in libtorch: {sentence}.");
    }

    // The place in libtorch's source that may come before the sentence, and what a full GPU's message lists after.
    [GeneratedRegex(@"^\[enforce fail at [^\]]*\] .*?\. |\. GPU .*")]
    private static partial Regex Around();
}
