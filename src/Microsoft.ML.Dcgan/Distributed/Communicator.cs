using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Distributed;

/// <summary>The replicas of a training: networks with the same weights, each of which trains on its share of every minibatch. Each has a
/// rank, from 0, and all of them call the same methods in the same order. What they make together does not depend on what carries it:
/// sums are formed in the order of ranks.</summary>
internal abstract class Communicator
{
    /// <summary>One without others.</summary>
    public static Communicator Alone { get; } = new Single();

    public abstract int Rank { get; }

    public abstract int Size { get; }

    /// <summary>Whether it is the one that reports, evaluates and saves.</summary>
    public bool IsRoot => Rank == 0;

    public bool IsAlone => Size == 1;

    /// <summary>A share of something: the first of so many, one part after the other, as even as can be in wholes of a unit.</summary>
    public (long First, long Count) ShareOf(long all) => ShareOf(all, Rank);

    /// <inheritdoc cref="ShareOf(long)"/>
    public (long First, long Count) ShareOf(long all, int rank, long unit = 1)
    {
        long units = (all + unit - 1) / unit, first = units * rank / Size * unit;
        return (first, Math.Min(all, units * (rank + 1) / Size * unit) - first);
    }

    /// <summary>In its place: the sum of all replicas' tensors of this shape, contiguous; the same bits for all. Compressed, it travels in
    /// bfloat16.</summary>
    public void Sum(Tensor tensor, bool compress = false)
    {
        if (IsAlone)
            return;
        using var scope = new NoGradScope();
        Tensor carried = tensor.view(-1).to(compress ? ScalarType.BFloat16 : tensor.dtype, CPU);
        // Each sums a share of the numbers, and gives that to all.
        int[] lengths = Ranks(rank => checked((int)(ShareOf(carried.numel(), rank).Count * carried.element_size())));
        Tensor parts = empty([Size, ShareOf(carried.numel()).Count], carried.dtype);
        AllToAll(carried.bytes, Parts.InTurn(lengths), parts.bytes, Parts.InTurn(Ranks(_ => lengths[Rank])));
        Tensor sum = parts[0].to(tensor.dtype);
        for (int rank = 1; rank < Size; rank++)
            sum.add_(parts[rank], Number(1));
        AllToAll(sum.to(carried.dtype).bytes, Parts.ToAll(lengths[Rank], Size), carried.bytes, Parts.InTurn(lengths));
        if (compress || tensor.device_type != DeviceType.CPU)
            tensor.view(-1).copy_(carried);
    }

    /// <summary>Whether sums wait for a network, beside which work can be done.</summary>
    public virtual bool CanSumBesideWork => false;

    /// <summary>Begins a sum, whose tensor nobody is to touch until it is done. All begin the same ones in the same order.</summary>
    public virtual Task BeginSum(Tensor tensor, bool compress) => throw new NotSupportedException();

    /// <summary>The same of a few numbers, which all send to all in one message.</summary>
    public void Sum(double[] numbers)
    {
        if (IsAlone)
            return;
        var all = new double[Size * numbers.Length];
        int length = numbers.Length * sizeof(double);
        AllToAll(MemoryMarshal.AsBytes(numbers.AsSpan()), Parts.ToAll(length, Size),
            MemoryMarshal.AsBytes(all.AsSpan()), Parts.InTurn(Ranks(_ => length)));
        Array.Clear(numbers);
        for (int i = 0; i < all.Length; i++)
            numbers[i % numbers.Length] += all[i];
    }

    /// <summary>Gives all replicas what the root's tensors hold.</summary>
    public void Broadcast(IEnumerable<Tensor> tensors)
    {
        if (IsAlone)
            return;
        using var _ = no_grad();
        foreach (Tensor tensor in tensors)
        {
            using var scope = NewDisposeScope();
            Tensor carried = tensor.detach().cpu().contiguous();
            int length = checked((int)(carried.numel() * carried.element_size()));
            Tensor received = empty_like(carried);
            AllToAll(carried.bytes, Parts.ToAll(IsRoot ? length : 0, Size),
                received.bytes, Parts.InTurn(Ranks(rank => rank == 0 ? length : 0)));
            tensor.copy_(received);
        }
    }

    /// <summary>The root gets the rows of all, those of one rank after another's, of which all know the numbers; the others get
    /// none.</summary>
    public Tensor GatherRows(Tensor own, IReadOnlyList<long> counts)
    {
        long width = own.element_size() * own.shape[1..].Aggregate(1L, (size, side) => size * side);
        Tensor all = empty([IsRoot ? counts.Sum() : 0, .. own.shape[1..]], own.dtype);
        int[] lengths = [.. counts.Select(count => checked((int)(count * width)))];
        AllToAll(own.bytes, Parts.InTurn(Ranks(rank => rank == 0 ? lengths[Rank] : 0)),
            all.bytes, Parts.InTurn(IsRoot ? lengths : new int[Size]));
        return all;
    }

    /// <summary>What each gives, by rank; of any lengths.</summary>
    public byte[][] Gather(ReadOnlySpan<byte> own)
    {
        var lengths = new double[Size];
        lengths[Rank] = own.Length;
        Sum(lengths);
        int[] counts = Array.ConvertAll(lengths, length => (int)length);
        var all = new byte[counts.Sum()];
        AllToAll(own, Parts.ToAll(own.Length, Size), all, Parts.InTurn(counts));
        int start = 0;
        return Array.ConvertAll(counts, count => all[start..(start += count)]);
    }

    /// <summary>The texts of all, by rank.</summary>
    public string[] Gather(string own) => Array.ConvertAll(Gather(Encoding.UTF8.GetBytes(own)), Encoding.UTF8.GetString);

    /// <summary>Whether it is so for any of them.</summary>
    public bool Any(bool own)
    {
        double[] count = [own ? 1 : 0];
        Sum(count);
        return count[0] > 0;
    }

    /// <summary>What the root computes, and the others wait for.</summary>
    public double FromRoot(Func<double> compute)
    {
        double[] result = [IsRoot ? compute() : 0];
        Sum(result);
        return result[0];
    }

    /// <inheritdoc cref="FromRoot(Func{double})"/>
    public string FromRoot(Func<string> compute) => IsAlone ? compute() : Gather(IsRoot ? compute() : "")[0];

    /// <summary>Does what may fail for one and not for another, such as reading files: then it fails for all.</summary>
    /// <exception cref="InvalidOperationException">It failed for another, whose message this is.</exception>
    public T Together<T>(Func<T> work) where T : class?
    {
        if (IsAlone)
            return work();
        (T? result, Exception? failure) = (null, null);
        try
        {
            result = work();
        }
        catch (Exception caught)
        {
            failure = caught;
        }
        string[] messages = Gather(failure?.Message ?? "");
        if (failure == null && Array.FindIndex(messages, message => message.Length > 0) is >= 0 and int rank)
            failure = new InvalidOperationException($"Rank {rank} of {Size}: {messages[rank]}");
        if (failure == null)
            return result!;
        (result as IDisposable)?.Dispose();
        ExceptionDispatchInfo.Throw(OfAll(failure));
        return null!;
    }

    /// <summary>An exception that all of them throw, so that none waits for another.</summary>
    public static Exception OfAll(Exception failure)
    {
        failure.Data[typeof(Communicator)] = true;
        return failure;
    }

    /// <inheritdoc cref="Together{T}(Func{T})"/>
    public void Together(Action work) => Together<object?>(() =>
    {
        work();
        return null;
    });

    /// <summary>To each its part of what is sent, from each its part of what is received.</summary>
    public abstract void AllToAll(ReadOnlySpan<byte> sent, Parts toRanks, Span<byte> received, Parts fromRanks);

    /// <summary>This one cannot go on, and the others must not wait for it; unless they <see cref="OfAll">all</see> cannot.</summary>
    public virtual void Abort(Exception failure)
    {
    }

    private int[] Ranks(Func<int, int> value) => [.. Enumerable.Range(0, Size).Select(value)];

    private sealed class Single : Communicator
    {
        public override int Rank => 0;

        public override int Size => 1;

        public override void AllToAll(ReadOnlySpan<byte> sent, Parts toRanks, Span<byte> received, Parts fromRanks) =>
            sent[..toRanks.Lengths[0]].CopyTo(received);
    }
}

/// <summary>Where in a buffer is what goes to, or comes from, each rank, in bytes.</summary>
internal readonly record struct Parts(int[] Lengths, int[] Offsets)
{
    /// <summary>One after the other.</summary>
    public static Parts InTurn(int[] lengths)
    {
        var offsets = new int[lengths.Length];
        for (int rank = 1; rank < lengths.Length; rank++)
            offsets[rank] = checked(offsets[rank - 1] + lengths[rank - 1]);
        return new(lengths, offsets);
    }

    /// <summary>The same bytes for each of so many.</summary>
    public static Parts ToAll(int length, int size) => new([.. Enumerable.Repeat(length, size)], new int[size]);
}
