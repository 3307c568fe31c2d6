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

    public static string Product => Path.Combine(Root, "src", "Microsoft.ML.Dcgan");

    /// <summary>Every file of the checkout below a folder that a person wrote.</summary>
    public static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "out"));

    /// <summary>Runs dotnet and returns its exit code and what it printed, errors after output.</summary>
    public static (int ExitCode, string Output) Dotnet(string directory, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using Process process = Process.Start(DotnetStart(directory, arguments, environment))!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>As <see cref="Dotnet"/>, where anything but success fails the test.</summary>
    public static string DotnetOutput(string directory, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        string[] all = arguments.ToArray();
        (int exitCode, string output) = Dotnet(directory, all, environment);
        Assert.AreEqual(0, exitCode, $"dotnet {string.Join(' ', all)}{Environment.NewLine}{output}");
        return output;
    }

    /// <summary>How dotnet is started, with what it prints redirected.</summary>
    public static ProcessStartInfo DotnetStart(string directory, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What `dotnet test` tells its own MSBuild is not for another one.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
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
