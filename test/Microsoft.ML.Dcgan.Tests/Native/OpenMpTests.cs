using System.Diagnostics;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Native;

/// <summary>How libtorch's threads wait, as its OpenMP itself says when it is loaded.</summary>
[TestClass]
public sealed class OpenMpTests
{
    [TestMethod]
    [DataRow(null, null, "GOMP_SPINCOUNT = '1000'")]
    [DataRow("GOMP_SPINCOUNT", "77", "GOMP_SPINCOUNT = '77'")]
    [DataRow("OMP_WAIT_POLICY", "active", "GOMP_SPINCOUNT = '30000000000'")]
    public void Threads_that_wait_soon_sleep_unless_the_environment_says_otherwise(string? name, string? value, string expected)
    {
        Needs.That(OperatingSystem.IsLinux(), "Linux");
        using var folder = new ToolFolder();
        ProcessStartInfo start = Checkout.Start(Checkout.DotnetPath, AppContext.BaseDirectory, "Microsoft.ML.Dcgan.Tool.dll", "generate",
            folder.Model(), "--count", "1", "--out", folder["picture.png"]);
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment.Remove("GOMP_SPINCOUNT");
        start.Environment["OMP_DISPLAY_ENV"] = "verbose";
        if (name != null)
            start.Environment[name] = value;
        (int code, string output) = Checkout.Finish(start);
        Assert.AreEqual(0, code, output);
        StringAssert.Contains(output, expected);
    }
}
