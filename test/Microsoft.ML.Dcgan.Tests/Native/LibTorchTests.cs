using Microsoft.ML.Dcgan.Tests.Tool;

namespace Microsoft.ML.Dcgan.Tests.Native;

/// <summary>Programs whose native libraries are missing, too new, damaged, or not the first that the system finds.</summary>
[TestClass]
public class LibTorchTests
{
    private static ToolFolder _folder = null!;
    private static string _model = null!;

    [ClassInitialize]
    public static void MakeModel(TestContext context)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Changes the native libraries of a program on Linux.");
        _folder = new ToolFolder();
        _model = _folder.Model();
    }

    [ClassCleanup]
    public static void Delete() => _folder?.Dispose();

    [TestMethod]
    [DataRow("libLibTorchSharp.so")]
    [DataRow("libtorch_cpu.so")]
    [DataRow("libtorch.so")]
    [DataRow("libc10.so")]
    public void AMissingLibraryIsNamedAndThePackageThatHasIt(string library)
    {
        using var program = new ProgramCopy();
        File.Delete(Path.Combine(program.Libraries, library));

        Fails(program.Generate(_model), $"{library}: cannot open shared object file",
            "must reference TorchSharp-cpu, or TorchSharp-cuda-linux for NVIDIA GPUs, version 0.107.0");
    }

    [TestMethod]
    public void WhereAllAreMissingTheErrorSaysWhereTheyWereLookedFor()
    {
        using var program = new ProgramCopy();
        foreach (string library in new[] { "lib*torch*", "libc10*", "libLibTorchSharp*" }.SelectMany(pattern =>
            Directory.GetFiles(program.Libraries, pattern)))
            File.Delete(library);

        Fails(program.Generate(_model), "libtorch_cpu.so: cannot open shared object file",
            $"it is not in '{program.Libraries}'", "must reference TorchSharp-cpu");
    }

    [TestMethod]
    public void ADamagedLibraryIsNamed()
    {
        using var program = new ProgramCopy();
        string damaged = Path.Combine(program.Libraries, "libtorch_cpu.so");
        File.Delete(damaged);
        File.WriteAllText(damaged, "version https://git-lfs.github.com/spec/v1");

        Fails(program.Generate(_model), $"{damaged}: ", "build it again");
    }

    [TestMethod]
    public void AnOldLibstdcxxIsToldFromAMissingLibrary()
    {
        using var program = new ProgramCopy();
        string mended = Path.Combine(program.Libraries, "libLibTorchSharp.so");
        string original = Path.Combine(PackageOfTorchSharp, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        if (!File.Exists(original))
            Assert.Inconclusive($"There is no '{original}'.");
        if (File.ReadAllBytes(original).SequenceEqual(File.ReadAllBytes(mended)))
            Assert.Inconclusive("This system's libstdc++ is new enough.");
        File.Delete(mended);
        File.CreateSymbolicLink(mended, original);

        Fails(program.Generate(_model), "libstdc++.so.6: version `GLIBCXX_3.4.32' not found",
            "<DcganOldLibstdcxx>true</DcganOldLibstdcxx>", "Debian 13, Ubuntu 24.04");
    }

    [TestMethod]
    public void AForeignLibtorchThatTheSystemFindsFirstDoesNoHarm()
    {
        using var program = new ProgramCopy();

        Works(program.Generate(_model, searchedFirst: Foreign(program)));
    }

    [TestMethod]
    public void AForeignLibtorchInPlaceOfAMissingOneIsNamed()
    {
        using var program = new ProgramCopy();
        string foreign = Foreign(program);
        File.Delete(Path.Combine(program.Libraries, "libtorch_cpu.so"));

        Fails(program.Generate(_model, searchedFirst: foreign), "needs libtorch 2.10.0, and this is another",
            Path.Combine(foreign, "libtorch_cpu.so"), "out of LD_LIBRARY_PATH");
    }

    // As in notebooks, where the kernel loads TorchSharp.dll from the package cache; there is no other folder of native libraries then.
    [TestMethod]
    public void LibrariesOfThePackageCacheAreFoundBeforeAForeignLibtorch()
    {
        using var program = new ProgramCopy(program: "torchsharp/0.107.0/lib/net8.0",
            native: "../../../../libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native");
        program.Move("libLibTorchSharp.so", program["torchsharp/0.107.0/runtimes/linux-x64/native"]);
        program.Move("libSkiaSharp.so", program["torchsharp/0.107.0/lib/net8.0"]);

        Works(program.Generate(_model, searchedFirst: Foreign(program)));
    }

    // Libraries of the names of libtorch's that have nothing to do with it.
    private static string Foreign(ProgramCopy program)
    {
        string foreign = program["foreign"];
        Directory.CreateDirectory(foreign);
        foreach (string library in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
            File.Copy(Directory.GetFiles(program.Libraries, "libgomp*").Single(), Path.Combine(foreign, library));
        return foreign;
    }

    private static string PackageOfTorchSharp
    {
        get
        {
            string assembly = typeof(TorchSharp.torch).Assembly.Location;
            return Path.GetFullPath(Path.Combine(File.ResolveLinkTarget(assembly, returnFinalTarget: true)?.FullName ?? assembly, "..",
                "..", ".."));
        }
    }

    private static void Works((int ExitCode, string Output) run) => Assert.AreEqual(0, run.ExitCode, run.Output);

    // In one line, which is ours.
    private static void Fails((int ExitCode, string Output) run, params string[] messages)
    {
        Assert.AreEqual(1, run.ExitCode, run.Output);
        StringAssert.StartsWith(run.Output, "dcgan: The native libraries of TorchSharp cannot be loaded: ");
        Assert.HasCount(1, run.Output.TrimEnd().Split('\n'), run.Output);
        foreach (string message in messages)
            StringAssert.Contains(run.Output, message);
    }
}
