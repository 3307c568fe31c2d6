using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>
/// The package folder of a notebook's kernel: links to the packages that this build has, the library packed from this checkout, and
/// TorchSharp's native library as these tests run it, which on older systems is a mended copy. Nothing is downloaded.
/// </summary>
internal sealed class KernelPackages : IDisposable
{
    private const string Library = "Microsoft.ML.Dcgan", Libtorch = "libtorch-cpu-linux-x64", NativeLibrary = "libLibTorchSharp.so",
        Native = "runtimes/linux-x64/native";

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("dcgan-kernel-");

    public KernelPackages()
    {
        string feed = _scratch.CreateSubdirectory("feed").FullName;
        Checkout.Dotnet(Checkout.Root, "pack", Path.Combine("src", Library), "-c", Checkout.Configuration, "-o", feed, "-nologo");

        string output = Checkout.Dotnet(Checkout.Root, "nuget", "locals", "global-packages", "--list"),
            all = output[(output.IndexOf(':') + 1)..].Trim();
        string packages = Path.Combine(_scratch.FullName, "packages"), torchSharp = Folder("TorchSharp");
        Link(all, packages, Path.Combine(all, torchSharp, NativeLibrary));
        File.Copy(Directory.EnumerateFiles(AppContext.BaseDirectory, NativeLibrary, SearchOption.AllDirectories).First(),
            Path.Combine(packages, torchSharp, NativeLibrary));

        Environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = packages,
            ["RestoreSources"] = feed,
            // Its home has what "#r" found before, which may have been other packages; the command dotnet keeps its own.
            ["HOME"] = _scratch.CreateSubdirectory("home").FullName,
            ["DOTNET_CLI_HOME"] = System.Environment.GetEnvironmentVariable("DOTNET_CLI_HOME") ?? System.Environment.GetFolderPath(
                System.Environment.SpecialFolder.UserProfile),
            ["TMPDIR"] = _scratch.CreateSubdirectory("temporary").FullName,
            // An installed PyTorch's libtorch would be found first.
            ["LD_LIBRARY_PATH"] = Path.Combine(packages, Folder(Libtorch)) + Path.PathSeparator + Path.Combine(packages, torchSharp),
            ["OMP_WAIT_POLICY"] = "PASSIVE",
            // What it says to newcomers it would say between its events.
            ["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
        };
    }

    /// <summary>What tells the kernel of them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Code that names packages as a notebook does, made to name those that are here: only this platform's libtorch.</summary>
    public static string Named(string code)
    {
        IReadOnlyDictionary<string, string> versions = Checkout.PackageVersions();
        return code.Replace($"TorchSharp-cpu, {versions["TorchSharp-cpu"]}", $"{Libtorch}, {versions[Libtorch]}", StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Delete(recursive: true);

    private static string Folder(string package) => Path.Combine(package.ToLowerInvariant(), Checkout.PackageVersions()[package], Native);

    /// <summary>Links all that is in one folder from another, but for one file, and this library.</summary>
    private static void Link(string source, string target, string excepted)
    {
        Directory.CreateDirectory(target);
        foreach (FileSystemInfo entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            string link = Path.Combine(target, entry.Name);
            if (excepted.StartsWith(entry.FullName + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                Link(entry.FullName, link, excepted);
            else if (excepted != entry.FullName && !entry.Name.Equals(Library, StringComparison.OrdinalIgnoreCase))
                File.CreateSymbolicLink(link, entry.FullName);
        }
    }
}
