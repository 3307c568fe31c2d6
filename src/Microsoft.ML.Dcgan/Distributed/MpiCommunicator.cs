using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Distributed;

/// <summary>Replicas that are processes which an MPI launcher started.</summary>
internal sealed class MpiCommunicator : Communicator
{
    // Whoever waits for longer than that lets others have the processor, each time for a thousandth of what it has waited so far.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(1);
    private const uint Nap = 100, LongestNap = 10_000; // microseconds

    private static readonly Lazy<MpiLibrary> _world = new(Start);

    private readonly double _timeout;
    private readonly Stopwatch _waiting = new();
    private readonly nint _group;

    /// <param name="timeout">How many minutes to wait for another rank, at most infinitely many.</param>
    /// <exception cref="DllNotFoundException">There is no library of MPI.</exception>
    /// <exception cref="InvalidOperationException">It is not that of the launcher.</exception>
    public MpiCommunicator(double timeout) : this(timeout, World.All)
    {
    }

    private MpiCommunicator(double timeout, nint group) => (_timeout, _group) = (timeout, group);

    /// <summary>Does work in this process, or together with the others, of which none waits for one that fails.</summary>
    /// <inheritdoc cref="MpiCommunicator(double)"/>
    public static T Run<T>(DcganDistribution distribution, double timeout, Func<Communicator, T> work)
    {
        Communicator ranks = distribution == DcganDistribution.None ? Alone : new MpiCommunicator(timeout);
        try
        {
            return work(ranks);
        }
        catch (Exception failure)
        {
            ranks.Abort(failure);
            throw;
        }
    }

    /// <summary>All processes; started when it is first asked for.</summary>
    public static MpiLibrary World => _world.Value;

    public override int Rank => World.Rank;

    public override int Size => World.Size;

    public override bool CanSumBesideWork => true;

    // Its messages are apart from those that this thread sends and waits for meanwhile.
    public override Task BeginSum(Tensor tensor, bool compress)
    {
        Tensor own = tensor.alias().DetachFromDisposeScope();
        return Task.Run(() =>
        {
            using (own)
                new MpiCommunicator(_timeout, World.AllAgain).Sum(own, compress);
        });
    }

    public override void AllToAll(ReadOnlySpan<byte> sent, Parts toRanks, Span<byte> received, Parts fromRanks)
    {
        _waiting.Restart();
        World.AllToAll(_group, sent, toRanks, received, fromRanks, Wait);
    }

    /// <summary>Says why on standard error, since nobody else will, and ends all ranks' processes.</summary>
    public override void Abort(Exception failure)
    {
        if (!failure.Data.Contains(typeof(Communicator)))
            Abort(failure.Message);
    }

    private void Wait()
    {
        TimeSpan waited = _waiting.Elapsed;
        if (waited.TotalMinutes > _timeout)
        {
            Abort(FormattableString.Invariant($"waited {_timeout:0.##} minutes for the others (CommunicationTimeout); ") +
                "whichever does not say the same hangs");
        }
        if (waited < _patience)
            Thread.Yield();
        else
            _ = usleep((uint)Math.Clamp(waited.TotalMilliseconds, Nap, LongestNap));
    }

    private void Abort(string message)
    {
        Console.Error.WriteLine($"Rank {Rank} of {Size}: {message}");
        World.Abort(exitCode: 1);
    }

    // .NET's own sleep is a millisecond at least, in which large messages stand still.
    [DllImport("libc")]
    private static extern int usleep(uint microseconds);

    private static MpiLibrary Start()
    {
        MpiLibrary library = MpiLibrary.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => library.End();
        if (Launcher.Size > 1 && library.Size == 1)
        {
            throw new InvalidOperationException($"{Launcher.Size} processes were started by an MPI launcher, but '{library.Name}' is " +
                "the library of another MPI, which knows only one. Name the launcher's own in the environment variable " +
                $"{MpiLibrary.Variable}.");
        }
        return library;
    }
}

/// <summary>What a launcher of MPI (mpirun, mpiexec, srun) tells the processes that it starts.</summary>
internal static class Launcher
{
    // Open MPI's; Hydra's, of MPICH and Intel MPI, and Slurm's PMI-2; PMIx does not say how many.
    private static readonly string[] _sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"];

    /// <summary>How many processes it started; 1 where there is none.</summary>
    public static int Size { get; } = _sizes.Select(Number).FirstOrDefault(size => size > 0) is > 0 and int size ? size
        : Environment.GetEnvironmentVariable("PMIX_RANK") != null ? Math.Max(1, Number("SLURM_NTASKS"))
        : 1;

    private static int Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value : 0;
}
