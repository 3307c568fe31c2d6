using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The training set as bytes, each image planes first. Any number of threads fill its slots in any order; then
/// <see cref="Complete"/> says which slot holds which image, and from then on it is only read.
/// </summary>
internal abstract class TrainingImages : IDisposable
{
    private const long FingerprintImages = 64;
    private long _taken;

    /// <param name="capacity">How many images there will be.</param>
    /// <param name="shape">Channels, height and width of each.</param>
    protected TrainingImages(long capacity, (int Channels, int Height, int Width) shape)
    {
        Capacity = capacity;
        Shape = shape;
        ImageSize = shape.Channels * shape.Height * shape.Width;
    }

    public long Capacity { get; }

    /// <summary>How many there are, once complete.</summary>
    public long Count { get; private set; }

    public (int Channels, int Height, int Width) Shape { get; }

    public int ImageSize { get; }

    /// <summary>The class of each image, from 0, by its index; null where they have none.</summary>
    public IReadOnlyList<long>? Labels { get; private set; }

    /// <summary>Whether images come without waiting for a disk.</summary>
    public abstract bool IsResident { get; }

    /// <summary>In memory, or in a file where there is a folder for it or memory would be more than half full.</summary>
    /// <param name="capacity">How many images there will be.</param>
    /// <param name="shape">Channels, height and width of each.</param>
    /// <param name="device">Where the minibatches are wanted.</param>
    /// <param name="cacheFolder">Where to make the file, or null.</param>
    public static TrainingImages Create(long capacity, (int Channels, int Height, int Width) shape, Device device, string? cacheFolder)
    {
        long size = capacity * shape.Channels * shape.Height * shape.Width;
        return cacheFolder != null || size > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2
            ? new FiledImages(capacity, shape, cacheFolder)
            : new ResidentImages(capacity, shape, device);
    }

    /// <summary>Keeps an image and returns its slot.</summary>
    public long Add(ReadOnlySpan<byte> pixels)
    {
        long slot = Interlocked.Increment(ref _taken) - 1;
        if (slot >= Capacity)
            throw new InvalidOperationException($"The data gives more rows than the {Capacity} that it had when they were counted. Cache it, or save it first.");
        Write(slot, pixels);
        return slot;
    }

    /// <param name="slots">The slot of each image, in the data's order.</param>
    /// <param name="labels">The class of each, in the same order.</param>
    public void Complete(long[] slots, long[]? labels = null)
    {
        Count = slots.Length;
        Labels = labels;
        Arrange(slots);
    }

    /// <summary>The bytes [n, channels, height, width] of the images of these indices.</summary>
    public abstract Tensor Gather(Tensor indices);

    /// <summary>What this set in this order is known by: a hash of how many images there are, of some of them, evenly spread, and of all labels.</summary>
    public string Fingerprint()
    {
        using var scope = NewDisposeScope();
        long chosen = Math.Min(Count, FingerprintImages);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(Count));
        for (long i = 0; i < chosen; i++)
            hash.AppendData(Gather(tensor(new[] { i * Count / chosen })).cpu().contiguous().bytes);
        foreach (long label in Labels ?? [])
            hash.AppendData(BitConverter.GetBytes(label));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public abstract void Dispose();

    protected abstract void Write(long slot, ReadOnlySpan<byte> pixels);

    protected abstract void Arrange(long[] slots);
}
