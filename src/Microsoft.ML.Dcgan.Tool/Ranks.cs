namespace Microsoft.ML.Dcgan.Tool;

/// <summary>The command as one of several processes that an MPI launcher started: <c>mpirun -np 4 dcgan train photos</c>. Only the first
/// one speaks, and writes what all made together.</summary>
internal static class Ranks
{
    // In which the first, where it failed likewise, says so for all.
    private static readonly TimeSpan _precedence = TimeSpan.FromSeconds(3);

    /// <summary>Whether this process speaks and writes.</summary>
    public static bool IsRoot => DcganMpi.Rank == 0;

    /// <summary>Where work is shared among all.</summary>
    public static DcganDistribution Distribution => DcganMpi.IsLaunched ? DcganDistribution.Mpi : DcganDistribution.None;

    /// <summary>Which of so many pictures are this process's to make.</summary>
    public static (int First, int Count) PartOf(int count)
    {
        int first = (int)((long)count * DcganMpi.Rank / DcganMpi.Size);
        return (first, (int)((long)count * (DcganMpi.Rank + 1) / DcganMpi.Size) - first);
    }

    /// <summary>Runs the command in this process; where it fails by itself, so do the others.</summary>
    public static int Run(string[] arguments, CancellationToken cancellation)
    {
        int size, rank;
        // What a launcher collects is no terminal, though it may look like one.
        if (DcganMpi.IsLaunched)
            Environment.SetEnvironmentVariable("TERM", "dumb");
        try
        {
            (size, rank) = (DcganMpi.Size, DcganMpi.Rank);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or InvalidOperationException)
        {
            Console.Error.WriteLine($"{CommandLineTool.Name}: {failure.Message}");
            return ExitCode.Failed;
        }
        if (size == 1)
            return new CommandLineTool(Console.Out, Console.Error, cancellation).Run(arguments);

        using var unsaid = new StringWriter();
        int code = rank == 0 ? new CommandLineTool(Console.Out, Console.Error, cancellation).Run(arguments)
            : new CommandLineTool(TextWriter.Null, unsaid, cancellation).Run(arguments);
        if (code is ExitCode.Failed or ExitCode.WrongUsage)
        {
            if (rank != 0)
            {
                Thread.Sleep(_precedence);
                Console.Error.WriteLine($"rank {rank} of {size}: {unsaid.ToString().TrimEnd().Split('\n')[^1]}");
            }
            DcganMpi.Abort(code);
        }
        return code;
    }
}
