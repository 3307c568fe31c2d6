using Microsoft.ML.Dcgan.Distributed;

namespace Microsoft.ML.Dcgan;

/// <summary>The processes that an MPI launcher started this one with, as <c>mpirun -np 4 dotnet program.dll</c> does. With
/// <see cref="DcganDistribution.Mpi"/> they train together, and all get the same model: let <see cref="Rank"/> 0 save it.</summary>
public static class DcganMpi
{
    /// <summary>Whether a launcher (mpirun, mpiexec, srun) started this process as one of several, by the environment.</summary>
    public static bool IsLaunched => Launcher.Size > 1;

    /// <summary>This process's number, from 0; 0 where no launcher started it.</summary>
    /// <exception cref="DllNotFoundException">There is no MPI library.</exception>
    /// <exception cref="InvalidOperationException">The one that was found is not the launcher's.</exception>
    public static int Rank => IsLaunched ? MpiCommunicator.World.Rank : 0;

    /// <summary>How many processes there are; 1 where no launcher started this one.</summary>
    /// <inheritdoc cref="Rank" path="/exception"/>
    public static int Size => IsLaunched ? MpiCommunicator.World.Size : 1;

    /// <summary>Returns when all processes have called it.</summary>
    public static void Wait()
    {
        if (IsLaunched)
            new MpiCommunicator(double.PositiveInfinity).Gather([]);
    }

    /// <summary>Ends all processes, after one of them has failed by itself: the others would wait for it.</summary>
    /// <param name="exitCode">What the launcher is told.</param>
    public static void Abort(int exitCode)
    {
        if (IsLaunched)
            MpiCommunicator.World.Abort(exitCode);
    }
}
