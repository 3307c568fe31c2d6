// One after the other: the tests measure memory and count tensors, and libtorch uses every core by itself.
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
