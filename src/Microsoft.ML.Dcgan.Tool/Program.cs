using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Tool;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        int code = Ranks.Run(arguments, interruption.Token);
        LeaveMemoryToTheSystem();
        return code;
    }

    // At the end of a process libtorch frees, object by object, what it made when it was loaded: that takes a tenth of a second. What glibc
    // calls last here it calls first then, after .NET has put its own affairs in order.
    private static void LeaveMemoryToTheSystem()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint libc))
            _ = on_exit(NativeLibrary.GetExport(libc, "_exit"), 0);
    }

    [DllImport("libc.so.6")]
    private static extern int on_exit(nint function, nint argument);
}

/// <summary>Ctrl-C, or a polite kill: the first asks a command to end well, the second ends the program.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive)];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
