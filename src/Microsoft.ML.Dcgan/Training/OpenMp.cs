using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The threads of libtorch's OpenMP: how they wait, and how many there are. What the environment says goes first.</summary>
internal static class OpenMp
{
    // 300,000 by default: as long as another program's thread may have the processor that they wait for.
    private const int Spins = 1_000;

    /// <summary>To be called before libtorch is loaded, which reads it then. .NET's own environment does not reach it.</summary>
    public static void LetWaitingThreadsSleep()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") == null)
            _ = setenv("GOMP_SPINCOUNT", Spins.ToString(CultureInfo.InvariantCulture), overwrite: 0);
    }

    /// <summary>As many as .NET counts processors, which a container's quota limits: OpenMP counts those of the machine.</summary>
    public static void TakeOnlyOwnProcessors()
    {
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") == null && Environment.ProcessorCount < get_num_threads())
            set_num_threads(Environment.ProcessorCount);
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);
}
