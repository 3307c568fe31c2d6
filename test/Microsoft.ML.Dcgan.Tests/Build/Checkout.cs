using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>The checkout that these tests were built from, and the dotnet command on it.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the checkout below a folder that a person wrote.</summary>
    public static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "out" or "node_modules"));

    /// <summary>The configuration that these tests were built in, so that what they build with it is built already.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string DotnetPath { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Packs a project of the checkout.</summary>
    public static void Pack(string project, string version, string folder, params string[] properties) => Dotnet(Root,
        ["pack", Path.Combine("src", project), "-c", Configuration, "--no-restore", "-nologo", "-o", folder,
            $"-p:PackageVersion={version}", .. properties]);

    /// <summary>The folders that a restored project's packages are in.</summary>
    public static IEnumerable<string> PackageFolders(string project) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(project, "obj", "project.assets.json")))!["packageFolders"]!.AsObject()
            .Select(folder => folder.Key);

    /// <summary>Runs dotnet, which has to succeed, and returns what it printed, errors after output.</summary>
    public static string Dotnet(string directory, params string[] arguments) =>
        Run(DotnetPath, directory, arguments);

    /// <summary>The same of any program.</summary>
    public static string Run(string program, string directory, params string[] arguments)
    {
        (int exitCode, string output) = Finish(Start(program, directory, arguments));
        Assert.AreEqual(0, exitCode, $"{program} {string.Join(' ', arguments)}{Environment.NewLine}{output}");
        return output;
    }

    /// <summary>Its exit code, and what it printed, errors after output.</summary>
    public static (int ExitCode, string Output) Finish(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>How a program is started with what it prints redirected.</summary>
    public static ProcessStartInfo Start(string program, string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        // What `dotnet test` tells its own MSBuild is not for another one.
        string[] own = start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray();
        foreach (string name in own)
            start.Environment.Remove(name);
        // A server that outlives the command would keep its output open.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return start;
    }

    /// <summary>The versions of this repository's package and of those it is built with.</summary>
    public static IReadOnlyDictionary<string, string> PackageVersions()
    {
        Dictionary<string, string> versions = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        versions["Microsoft.ML.Dcgan"] = XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        return versions;
    }

    /// <summary>The package of the native libtorch for this system's processor, and its version.</summary>
    public static (string Name, string Version) Torch
    {
        get
        {
            string name = OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64" : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64"
                : "libtorch-cpu-linux-x64";
            return (name, PackageVersions()[name]);
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Microsoft.ML.Dcgan.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No checkout of this repository around '{AppContext.BaseDirectory}'.");
    }
}
