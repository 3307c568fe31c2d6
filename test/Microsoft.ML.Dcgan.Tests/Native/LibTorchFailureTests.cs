using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Tests.Native;

[TestClass]
public class LibTorchFailureTests
{
    [TestMethod]
    public void TheVersionOfLibtorchIsThatOfThePackages() => Assert.AreEqual("2.10.0", LibTorchFailure.TorchVersion);

    [TestMethod]
    [DataRow("linux-x64", "TorchSharp-cpu, or TorchSharp-cuda-linux for NVIDIA GPUs, version 0.107.0")]
    [DataRow("win-x64", "TorchSharp-cpu, or TorchSharp-cuda-windows for NVIDIA GPUs, version 0.107.0")]
    [DataRow("osx-arm64", "TorchSharp-cpu, version 0.107.0")]
    public void AMissingLibraryIsInThePackageOfThePlatform(string platform, string packages)
    {
        string message = LibTorchFailure.Message("torch_cpu: no such file.", null, platform);

        StringAssert.StartsWith(message, "The native libraries of TorchSharp cannot be loaded: torch_cpu: no such file. ");
        StringAssert.Contains(message, packages);
    }

    [TestMethod]
    [DataRow("linux-arm64")]
    [DataRow("osx-x64")]
    [DataRow("linux-x86")]
    public void APlatformWithoutLibrariesIsNotToldToGetThem(string platform)
    {
        string message = LibTorchFailure.Message("libtorch_cpu.so: cannot open shared object file", null, platform);

        StringAssert.Contains(message, "TorchSharp is made for Linux with glibc on x64, Windows on x64, and macOS on Arm64");
        Assert.DoesNotContain("reference", message);
    }

    [TestMethod]
    public void AnotherLibtorchInTheProcessIsNamed()
    {
        string message = LibTorchFailure.Message("'/usr/lib/libtorch_cpu.so.1.13' is loaded already", "/usr/lib/libtorch_cpu.so.1.13",
            "linux-x64");

        StringAssert.Contains(message, "TorchSharp 0.107.0 needs libtorch 2.10.0, and this is another: '/usr/lib/libtorch_cpu.so.1.13'");
    }
}
