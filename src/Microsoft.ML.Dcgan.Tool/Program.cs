using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Tool;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return Ranks.Run(arguments, interruption.Token);
    }
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
