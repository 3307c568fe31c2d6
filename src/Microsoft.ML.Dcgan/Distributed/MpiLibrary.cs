using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Distributed;

/// <summary>An MPI library as it is installed, found at run time: Open MPI 4 or 5, MPICH or one of its kin (Intel MPI, MVAPICH), or any
/// that has the standard ABI of MPI 5. They differ in their handles.</summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>An environment variable with the path of the library to take.</summary>
    public const string Variable = "DCGAN_MPI_LIBRARY";

    private const string Advice = "Install one, such as openmpi-bin or mpich, or name the library's file in the environment variable "
        + Variable + ".";

    private readonly nint _library;
    private readonly Handles _handles;
    private readonly delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int> _startAllToAll;
    private readonly delegate* unmanaged<nint*, int*, nint, int> _test;
    private readonly delegate* unmanaged<nint, int, int> _abort;
    private readonly delegate* unmanaged<int> _finalize;

    private MpiLibrary(nint library, string name)
    {
        (_library, Name) = (library, name);
        _handles = Handles.Of(library, name);
        _startAllToAll = (delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int>)Find("MPI_Ialltoallv");
        _test = (delegate* unmanaged<nint*, int*, nint, int>)Find("MPI_Test");
        _abort = (delegate* unmanaged<nint, int, int>)Find("MPI_Abort");
        _finalize = (delegate* unmanaged<int>)Find("MPI_Finalize");

        // The runtime has its own handlers for signals, such as that of a null reference.
        _ = setenv("OMPI_MCA_opal_signal", "", overwrite: 0);
        var initialize = (delegate* unmanaged<int*, void*, int, int*, int>)Find("MPI_Init_thread");
        int provided;
        Check(initialize(null, null, _handles.Serialized, &provided), "MPI_Init_thread");
        if (provided < _handles.Serialized)
            throw new InvalidOperationException($"'{Name}' is built without threads, and a training needs MPI_THREAD_SERIALIZED.");
        nint again = 0;
        Check(((delegate* unmanaged<nint, nint*, int>)Find("MPI_Comm_dup"))(All, &again), "MPI_Comm_dup");
        AllAgain = again;
        Rank = Ask("MPI_Comm_rank");
        Size = Ask("MPI_Comm_size");
    }

    /// <summary>The name or path that it was found by.</summary>
    public string Name { get; }

    /// <summary>The group of all processes.</summary>
    public nint All => _handles.World;

    /// <summary>The same again: what is sent in one is not received in the other.</summary>
    public nint AllAgain { get; }

    public int Rank { get; }

    public int Size { get; }

    /// <summary>Loads and starts the library of the launcher that started this process.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static MpiLibrary Start()
    {
        string? asked = Environment.GetEnvironmentVariable(Variable);
        string[] names = asked != null ? [asked] : Names();
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
                return new MpiLibrary(library, name);
        }
        throw new DllNotFoundException(asked != null
            ? $"{Variable} is '{asked}', but there is no library of MPI to load. {Advice}"
            : $"No library of MPI is found: none of {string.Join(", ", names)}. {Advice}");
    }

    /// <summary>To each rank of a group its part, and from each; until that has come to pass, <paramref name="wait"/> is called again and
    /// again.</summary>
    public void AllToAll(nint group, ReadOnlySpan<byte> sent, Parts toRanks, Span<byte> received, Parts fromRanks, Action wait)
    {
        nint request;
        int done = 0;
        fixed (byte* from = sent, into = received)
        fixed (int* sentLengths = toRanks.Lengths, sentOffsets = toRanks.Offsets)
        fixed (int* receivedLengths = fromRanks.Lengths, receivedOffsets = fromRanks.Offsets)
        {
            // Threads take turns: MPI_THREAD_SERIALIZED.
            lock (this)
            {
                Check(_startAllToAll(from, sentLengths, sentOffsets, _handles.Byte, into, receivedLengths, receivedOffsets,
                    _handles.Byte, group, &request), "MPI_Ialltoallv");
            }
            while (true)
            {
                lock (this)
                    Check(_test(&request, &done, _handles.NoStatus), "MPI_Test");
                if (done != 0)
                    return;
                wait();
            }
        }
    }

    /// <summary>Ends the processes of all ranks, once the launcher has had time to pass on what they said.</summary>
    public void Abort(int exitCode)
    {
        Thread.Sleep(TimeSpan.FromMilliseconds(300));
        lock (this)
            _ = _abort(_handles.World, exitCode);
    }

    /// <summary>This process is done; waits for the others.</summary>
    public void End() => _ = _finalize();

    // By what the launcher has told the process; both may be installed.
    private static string[] Names()
    {
        const string open = "libmpi.so.40", standard = "libmpi_abi.so.0";
        string[] mpich = ["libmpi.so.12", "libmpich.so.12"];
        return OperatingSystem.IsMacOS() ? ["libmpi.40.dylib", "libmpi.12.dylib", "libmpi.dylib"]
            : Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") != null ? [open, .. mpich, standard]
            : [.. mpich, open, standard];
    }

    private int Ask(string question)
    {
        int answer;
        Check(((delegate* unmanaged<nint, int*, int>)Find(question))(_handles.World, &answer), question);
        return answer;
    }

    private void* Find(string function) => NativeLibrary.TryGetExport(_library, function, out nint address)
        ? (void*)address
        : throw new EntryPointNotFoundException($"'{Name}' is no library of MPI 3 or later: it has no {function}. {Advice}");

    private static void Check(int code, string function)
    {
        if (code != 0)
            throw new InvalidOperationException($"{function} failed with MPI's error {code}.");
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);

    // What mpi.h defines: Open MPI's handles are addresses of its variables, MPICH's and the standard's are numbers.
    private readonly record struct Handles(nint World, nint Byte, nint NoStatus, int Serialized)
    {
        public static Handles Of(nint library, string name)
        {
            if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world))
                return new(world, NativeLibrary.GetExport(library, "ompi_mpi_byte"), 0, 2);
            return name.Contains("mpi_abi", StringComparison.Ordinal)
                ? new(0x101, 0x247, 0, 2048)
                : new(0x44000000, 0x4c00010d, 1, 2);
        }
    }
}
