using System.Security.Cryptography;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The training set as bytes, each image [height, width, channels]. Any number of threads fill its slots in any order; then
/// <see cref="Complete(long[], long[])"/> says which slot holds which image, and from then on it is only read.</summary>
/// <param name="capacity">How many images there will be.</param>
/// <param name="shape">Channels, height and width of each.</param>
internal abstract class Dataset(long capacity, (int Channels, int Height, int Width) shape) : IDisposable
{
    private const long FingerprintImages = 64;
    private long _taken;

    /// <summary>How many there are, once complete.</summary>
    public long Count { get; private set; }

    public (int Channels, int Height, int Width) Shape { get; } = shape;

    public int ImageSize { get; } = shape.Channels * shape.Height * shape.Width;

    /// <summary>The class of each image, from 0, by its index; null where they have none.</summary>
    public IReadOnlyList<long>? Labels { get; private set; }

    /// <summary>Whether images come without waiting for a disk.</summary>
    public abstract bool IsResident { get; }

    /// <summary>In memory, or in a file where there is a folder for it or memory would be more than half full.</summary>
    public static Dataset Create(long capacity, (int Channels, int Height, int Width) shape, Device device, string? cacheFolder)
    {
        long size = capacity * shape.Channels * shape.Height * shape.Width;
        return cacheFolder != null || size > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2
            ? new FileDataset(capacity, shape, cacheFolder)
            : new MemoryDataset(capacity, shape, device);
    }

    /// <summary>Keeps an image and returns its slot.</summary>
    public long Add(ReadOnlySpan<byte> pixels)
    {
        long slot = Interlocked.Increment(ref _taken) - 1;
        if (slot >= capacity)
        {
            throw new InvalidOperationException(
                $"The data gives more rows than the {capacity} that it had when they were counted. Cache it, or save it first.");
        }
        Write(slot, pixels);
        return slot;
    }

    /// <param name="slots">The slot of each image, in the data's order.</param>
    /// <param name="labels">The class of each, in the same order.</param>
    public void Complete(long[] slots, long[]? labels = null)
    {
        Complete(slots.Length, labels);
        Arrange(slots);
    }

    /// <summary>The bytes [n, height, width, channels] of the images of these indices.</summary>
    public abstract Tensor Gather(Tensor indices);

    /// <summary>The same of a share of the indices of a minibatch.</summary>
    public virtual Tensor Gather(Tensor indices, MinibatchShare share)
    {
        using Tensor own = share.Of(indices);
        return Gather(own);
    }

    /// <summary>What this set in this order is known by: a hash of the number of images, of some of them and of all labels.</summary>
    public string Fingerprint()
    {
        using var scope = NewDisposeScope();
        long chosen = Math.Min(Count, FingerprintImages);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(Count));
        for (long i = 0; i < chosen; i++)
            hash.AppendData(Gather(tensor(new[] { i * Count / chosen })).cpu().bytes);
        foreach (long label in Labels ?? [])
            hash.AppendData(BitConverter.GetBytes(label));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public abstract void Dispose();

    protected void Complete(long count, long[]? labels) => (Count, Labels) = (count, labels);

    protected abstract void Write(long slot, ReadOnlySpan<byte> pixels);

    protected abstract void Arrange(long[] slots);
}

/// <summary>A training set in one tensor, on the training device.</summary>
internal sealed class MemoryDataset(long capacity, (int Channels, int Height, int Width) shape, Device device) : Dataset(capacity, shape)
{
    private Tensor _pixels = empty([capacity, shape.Height, shape.Width, shape.Channels], ScalarType.Byte, CPU).DetachFromDisposeScope();
    private Tensor? _slots;

    public override bool IsResident => true;

    public override Tensor Gather(Tensor indices)
    {
        using var scope = NewDisposeScope();
        return _pixels.index_select(0, _slots!.index_select(0, indices.to(_slots.device))).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _pixels.Dispose();
        _slots?.Dispose();
    }

    protected override void Write(long slot, ReadOnlySpan<byte> pixels)
    {
        using Tensor target = _pixels.narrow(0, slot, 1);
        pixels.CopyTo(target.bytes);
    }

    protected override void Arrange(long[] slots)
    {
        using var scope = NewDisposeScope();
        _slots = tensor(slots, device: device).DetachFromDisposeScope();
        if (device.type != _pixels.device_type)
        {
            Tensor moved = _pixels.to(device).DetachFromDisposeScope();
            _pixels.Dispose();
            _pixels = moved;
        }
    }
}

/// <summary>A training set in a temporary file, which goes with it. The operating system keeps as much of it in memory as there is room
/// for; the process itself holds a minibatch at a time.</summary>
internal sealed class FileDataset : Dataset
{
    private readonly SafeFileHandle _file;
    private long[] _slots = [];

    public FileDataset(long capacity, (int Channels, int Height, int Width) shape, string? folder) : base(capacity, shape)
    {
        string path = Path.Combine(folder ?? Path.GetTempPath(), $"dcgan-{Path.GetRandomFileName()}.images");
        long size = capacity * ImageSize;
        try
        {
            _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
                FileOptions.DeleteOnClose | FileOptions.RandomAccess, preallocationSize: size);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidOperationException(
                $"The training images need a file of {size:N0} bytes, which cannot be made at '{path}': {failure.Message}" +
                $"{AtomicFile.FreeSpace(path)} Name a folder with room for it in the option CacheFolder.", failure);
        }
    }

    public override bool IsResident => false;

    public override Tensor Gather(Tensor indices)
    {
        long[] wanted = indices.data<long>().ToArray();
        var pixels = new byte[wanted.Length * ImageSize];
        for (int i = 0; i < wanted.Length; i++)
            Read(_slots[wanted[i]] * ImageSize, pixels.AsSpan(i * ImageSize, ImageSize));
        return tensor(pixels, [wanted.Length, Shape.Height, Shape.Width, Shape.Channels]);
    }

    public override void Dispose() => _file.Dispose();

    protected override void Write(long slot, ReadOnlySpan<byte> pixels) => RandomAccess.Write(_file, pixels, slot * ImageSize);

    protected override void Arrange(long[] slots) => _slots = slots;

    private void Read(long offset, Span<byte> pixels)
    {
        for (int count; !pixels.IsEmpty; pixels = pixels[count..], offset += count)
        {
            count = RandomAccess.Read(_file, pixels, offset);
            if (count == 0)
                throw new IOException("The file of training images ends early: something else has truncated it.");
        }
    }
}
