using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Why TorchSharp's native libraries do not load, and what to do about it.</summary>
internal static class LibTorchFailure
{
    private const string More = "docs/troubleshooting.md tells more.";

    private const BindingFlags Constants = BindingFlags.NonPublic | BindingFlags.Static;

    /// <summary>
    /// The version of libtorch that this TorchSharp was built for, if it says so where it used to. To call what returns it would
    /// load libtorch.
    /// </summary>
    public static string? TorchVersion { get; } =
        typeof(torch).GetField("libtorchPackageVersion", Constants)?.GetRawConstantValue() is string version
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
        if (platform is not ("linux-x64" or "win-x64" or "win-arm64" or "osx-arm64") || IsMusl)
        {
            return $"There are none for this system, {RuntimeInformation.RuntimeIdentifier}: " +
                "TorchSharp is made for Linux with glibc on x64, Windows on x64, and macOS on Arm64.";
        }
        if (complaint.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            return "This system's C++ library is older than GCC 13's. Set <DcganOldLibstdcxx>true</DcganOldLibstdcxx> " +
                $"in the program's project file and build it again, or run it on Debian 13, Ubuntu 24.04, Fedora 38 or newer. {More}";
        }
        string reference = $"reference {Packages(platform)}, version {TorchSharpVersion}";
        if (complaint.Contains("undefined symbol", StringComparison.Ordinal) ||
            complaint.EndsWith("is loaded already", StringComparison.Ordinal))
        {
            string needed = TorchVersion ?? "of its own packages", other = loaded != null ? $": '{loaded}'" : "";
            return $"TorchSharp {TorchSharpVersion} needs libtorch {needed}, and this is another{other}. " +
                $"Take it out of the process, or out of LD_LIBRARY_PATH, and {reference}. {More}";
        }
        return $"The program's project must {reference}; where it does, build it again. {More}";
    }

    private static bool IsMusl =>
        RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ||
        RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);

    private static string Packages(string platform) => platform switch
    {
        "linux-x64" => "TorchSharp-cpu, or TorchSharp-cuda-linux for NVIDIA GPUs",
        "win-x64" => "TorchSharp-cpu, or TorchSharp-cuda-windows for NVIDIA GPUs",
        _ => "TorchSharp-cpu",
    };
}
