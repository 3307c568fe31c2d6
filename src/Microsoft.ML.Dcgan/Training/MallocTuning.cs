using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>While one of these is alive, the C library keeps what libtorch frees for what it asks for next. A training step frees and takes
/// the same hundreds of megabytes, and glibc would give them back to the kernel each time, to be cleared page by page on return. In the end
/// the memory is given back, and the settings are those that glibc's own adaptation leads to. Without glibc nothing happens.</summary>
internal sealed class MallocTuning : IDisposable
{
    // malloc.h
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;

    // The largest that glibc accepts, and where its adaptation ends too: it then trims at twice that.
    private const int LargestMmapThreshold = 32 << 20;
    private const int DefaultTopPad = 128 << 10, EnoughToTrim = 128 << 10;

    private static readonly bool _isGlibc = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint library) &&
        NativeLibrary.TryGetExport(library, nameof(mallopt), out _) && NativeLibrary.TryGetExport(library, nameof(malloc_trim), out _);

    private static readonly object _gate = new();
    private static int _alive;

    public MallocTuning()
    {
        lock (_gate)
        {
            if (_alive++ == 0 && _isGlibc)
                Set(trimThreshold: int.MaxValue, topPad: 2 * LargestMmapThreshold);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (--_alive > 0 || !_isGlibc)
                return;
            Set(trimThreshold: 0, topPad: 0);
            // malloc_trim does not cut the end off the arenas that threads other than the first have; freeing something there does.
            free(malloc(EnoughToTrim));
            _ = malloc_trim(0);
            Set(trimThreshold: 2 * LargestMmapThreshold, topPad: DefaultTopPad);
        }
    }

    private static void Set(int trimThreshold, int topPad) =>
        _ = mallopt(MmapThreshold, LargestMmapThreshold) & mallopt(TrimThreshold, trimThreshold) & mallopt(TopPad, topPad);

    [DllImport("libc.so.6")]
    private static extern int mallopt(int parameter, int value);

    [DllImport("libc.so.6")]
    private static extern nint malloc(nint size);

    [DllImport("libc.so.6")]
    private static extern void free(nint memory);

    [DllImport("libc.so.6")]
    private static extern int malloc_trim(nint pad);
}
