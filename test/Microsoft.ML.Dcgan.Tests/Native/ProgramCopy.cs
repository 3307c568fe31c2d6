using System.Diagnostics;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Native;

/// <summary>The tool in a folder of its own, all links, so that its native libraries can be changed.</summary>
internal sealed class ProgramCopy : IDisposable
{
    private const string Tool = "Microsoft.ML.Dcgan.Tool";
    private static readonly string _native = Path.Combine("runtimes", "linux-x64", "native");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("dcgan-native-");
    private readonly string _program;

    /// <param name="program">Where in that folder the program is.</param>
    /// <param name="native">Where, from there, its native libraries are.</param>
    public ProgramCopy(string program = "program", string? native = null)
    {
        _program = this[program];
        Libraries = Path.GetFullPath(Path.Combine(_program, native ?? _native));
        Directory.CreateDirectory(_program);
        Directory.CreateDirectory(Libraries);
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            // .NET looks for a program where its link leads to.
            if (Path.GetFileName(file).StartsWith(Tool, StringComparison.Ordinal))
                File.Copy(file, Path.Combine(_program, Path.GetFileName(file)));
            else
                Link(file, _program);
        }
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, _native)))
            Link(file, Libraries);
    }

    /// <summary>Where its native libraries are.</summary>
    public string Libraries { get; }

    public string this[string name] => Path.Combine(_root.FullName, name);

    /// <summary>Moves a native library into another folder.</summary>
    public void Move(string library, string folder)
    {
        Directory.CreateDirectory(folder);
        File.Move(Path.Combine(Libraries, library), Path.Combine(folder, library));
    }

    /// <summary>Loads a model and generates a picture with it.</summary>
    public (int ExitCode, string Output) Generate(string model, string? searchedFirst = null)
    {
        ProcessStartInfo start = Checkout.Start(Checkout.DotnetPath, _root.FullName, Path.Combine(_program, $"{Tool}.dll"), "generate",
            model, "--count", "1", "--out", "picture.png");
        start.Environment["LD_LIBRARY_PATH"] = searchedFirst ?? "";
        return Checkout.Finish(start);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static void Link(string file, string folder) => File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
}
