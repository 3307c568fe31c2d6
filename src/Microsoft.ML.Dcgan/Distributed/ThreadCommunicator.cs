using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Dcgan.Distributed;

/// <summary>Replicas that are threads of this process.</summary>
internal sealed class ThreadCommunicator : Communicator
{
    private readonly Meeting _meeting;

    private ThreadCommunicator(Meeting meeting, int rank) => (_meeting, Rank) = (meeting, rank);

    public override int Rank { get; }

    public override int Size => _meeting.Sent.Length;

    /// <summary>Does the work of all ranks, the root's on this thread and the others' on threads of their own.</summary>
    /// <returns>What the root's gave.</returns>
    public static T Run<T>(int size, Func<Communicator, T> work)
    {
        using var meeting = new Meeting(size);
        Communicator[] ranks = [.. Enumerable.Range(0, size).Select(rank => new ThreadCommunicator(meeting, rank))];
        var failures = new Exception?[size];
        T Work(int rank)
        {
            try
            {
                return work(ranks[rank]);
            }
            catch (Exception failure)
            {
                failures[rank] = failure;
                meeting.Cancel();
                return default!;
            }
        }
        Thread[] threads = [.. Enumerable.Range(1, size - 1)
            .Select(rank => new Thread(() => Work(rank)) { Name = $"DCGAN replica {rank}" })];
        foreach (Thread thread in threads)
            thread.Start();
        T result = Work(0);
        foreach (Thread thread in threads)
            thread.Join();
        // The others say only that one is missing.
        if (failures.Where(failure => failure != null).MinBy(failure => failure is OperationCanceledException) is { } first)
            ExceptionDispatchInfo.Throw(first);
        return result;
    }

    public override unsafe void AllToAll(ReadOnlySpan<byte> sent, Parts toRanks, Span<byte> received, Parts fromRanks)
    {
        fixed (byte* address = sent)
        {
            _meeting.Sent[Rank] = ((nint)address, toRanks);
            _meeting.Wait();
            for (int rank = 0; rank < Size; rank++)
            {
                (nint other, Parts parts) = _meeting.Sent[rank];
                if (parts.Lengths[Rank] > 0)
                {
                    new ReadOnlySpan<byte>((byte*)other + parts.Offsets[Rank], parts.Lengths[Rank])
                        .CopyTo(received.Slice(fromRanks.Offsets[rank], fromRanks.Lengths[rank]));
                }
            }
            // Nobody changes what others still read.
            _meeting.Wait();
        }
    }

    // Where they wait for each other; soon asleep, so a busy neighbour gets the processor.
    private sealed class Meeting(int size) : IDisposable
    {
        // About a millisecond.
        private const int Spins = 2000;

        private readonly CancellationTokenSource _cancelled = new();
        private ManualResetEventSlim _complete = new(false, Spins);
        private int _arrived;

        public (nint Address, Parts Parts)[] Sent { get; } = new (nint, Parts)[size];

        public void Wait()
        {
            _cancelled.Token.ThrowIfCancellationRequested();
            ManualResetEventSlim complete = _complete;
            if (Interlocked.Increment(ref _arrived) < Sent.Length)
            {
                complete.Wait(_cancelled.Token);
                return;
            }
            (_arrived, _complete) = (0, new(false, Spins));
            complete.Set();
        }

        public void Cancel() => _cancelled.Cancel();

        public void Dispose() => _cancelled.Dispose();
    }
}
