using System.Runtime.InteropServices;
using Microsoft.ML.Dcgan.Distributed;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>A training set of which each replica has read and keeps a part, in the order of ranks. For a minibatch each sends the others
/// what it has of their shares, so that minibatches are what they are in one process. All ask for the same images together.</summary>
internal sealed class ShardedDataset : Dataset
{
    private readonly Dataset _own;
    private readonly Communicator _ranks;

    // Of the images, the first of each rank's part; and behind them how many there are.
    private readonly long[] _starts;

    /// <summary>Takes over its own part.</summary>
    public ShardedDataset(Dataset own, Communicator ranks) : base(0, own.Shape)
    {
        (_own, _ranks) = (own, ranks);
        _starts = new long[ranks.Size + 1];
        byte[][] counts = ranks.Gather(BitConverter.GetBytes(own.Count));
        for (int rank = 0; rank < ranks.Size; rank++)
            _starts[rank + 1] = _starts[rank] + BitConverter.ToInt64(counts[rank]);
        long[]? labels = own.Labels is { } some
            ? [.. ranks.Gather(MemoryMarshal.AsBytes(some.ToArray().AsSpan()))
                .SelectMany(part => MemoryMarshal.Cast<byte, long>(part).ToArray())]
            : null;
        Complete(_starts[^1], labels);
    }

    /// <summary>True: others are asked on the thread that trains, in its order.</summary>
    public override bool IsResident => true;

    public override Tensor Gather(Tensor indices)
    {
        long[] wanted = Numbers(indices);
        return Exchange(wanted, _ => (0, wanted.Length));
    }

    public override Tensor Gather(Tensor indices, MinibatchShare share) =>
        Exchange(Numbers(indices), rank => _ranks.ShareOf(share.All, rank));

    public override void Dispose() => _own.Dispose();

    protected override void Write(long slot, ReadOnlySpan<byte> pixels) => throw new NotSupportedException("Its parts are read already.");

    protected override void Arrange(long[] slots) => throw new NotSupportedException("Its parts are read already.");

    private static long[] Numbers(Tensor indices)
    {
        using Tensor own = indices.cpu();
        return own.data<long>().ToArray();
    }

    // Each rank gets its share of the wanted images: those of each owner together, in the order in which they are wanted.
    private Tensor Exchange(long[] wanted, Func<int, (long First, long Count)> shareOf)
    {
        using var scope = NewDisposeScope();
        int[] owners = Array.ConvertAll(wanted, index => Array.FindLastIndex(_starts, start => start <= index));
        var sent = new List<long>();
        var sentCounts = new int[_ranks.Size];
        var received = new List<long>();
        var receivedCounts = new int[_ranks.Size];
        for (int rank = 0; rank < _ranks.Size; rank++)
        {
            foreach (int i in Places(rank, owner: _ranks.Rank))
            {
                sent.Add(wanted[i] - _starts[_ranks.Rank]);
                sentCounts[rank] += ImageSize;
            }
            foreach (int i in Places(_ranks.Rank, owner: rank))
            {
                received.Add(i - shareOf(_ranks.Rank).First);
                receivedCounts[rank] += ImageSize;
            }
        }
        Tensor outgoing = sent.Count > 0 ? _own.Gather(tensor(sent.ToArray())).cpu() : empty([0], ScalarType.Byte);
        Tensor incoming = empty([received.Count, Shape.Height, Shape.Width, Shape.Channels], ScalarType.Byte);
        _ranks.AllToAll(outgoing.bytes, Parts.InTurn(sentCounts), incoming.bytes, Parts.InTurn(receivedCounts));
        // From the order in which they came to that in which they are wanted.
        Tensor places = tensor(received.ToArray()).argsort();
        return incoming.index_select(0, places).MoveToOuterDisposeScope();

        IEnumerable<int> Places(int rank, int owner)
        {
            (long first, long count) = shareOf(rank);
            return Enumerable.Range((int)first, (int)count).Where(i => owners[i] == owner);
        }
    }
}
