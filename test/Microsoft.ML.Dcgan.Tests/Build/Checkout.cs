using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>The checkout that these tests were built from, and the dotnet command on it.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the checkout below a folder that a person wrote.</summary>
    public static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "out"));

    /// <summary>The configuration that these tests were built in, so that what they build with it is built already.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Packs a project of the checkout.</summary>
    public static void Pack(string project, string version, string folder, params string[] properties) => Dotnet(Root,
        ["pack", Path.Combine("src", project), "-c", Configuration, "--no-restore", "-nologo", "-o", folder,
            $"-p:PackageVersion={version}", .. properties]);

    /// <summary>Runs dotnet, which has to succeed, and returns what it printed, errors after output.</summary>
    public static string Dotnet(string directory, params string[] arguments) =>
        Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", directory, arguments);

    /// <summary>The same of any program.</summary>
    public static string Run(string program, string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What `dotnet test` tells its own MSBuild is not for another one.
        string[] own = start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray();
        foreach (string name in own)
            start.Environment.Remove(name);
        // A server that outlives the command would keep its output open.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";

        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"{program} {string.Join(' ', arguments)}{Environment.NewLine}{output}");
        return output;
    }

    /// <summary>The package of the native libtorch for this system's processor, and its version.</summary>
    public static (string Name, string Version) Torch
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";
            string name = $"libtorch-cpu-{system}";
            return (name, XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion")
                .Single(package => package.Attribute("Include")!.Value == name).Attribute("Version")!.Value);
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
