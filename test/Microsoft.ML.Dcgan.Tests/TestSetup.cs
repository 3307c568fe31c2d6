// One after the other: the tests measure memory, count tensors and change the environment.
[assembly: DoNotParallelize]

namespace Microsoft.ML.Dcgan.Tests;

[TestClass]
public static class TestSetup
{
    [AssemblyCleanup]
    public static async Task End(TestContext context)
    {
        Needs.SayWhatWasMissed(context);
        await Chromium.Close();
    }
}
