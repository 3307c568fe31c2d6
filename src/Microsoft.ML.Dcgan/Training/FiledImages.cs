using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// A training set in a temporary file, which goes with it. The operating system keeps as much of it in memory as there is
/// room for; the process itself holds a minibatch at a time.
/// </summary>
internal sealed class FiledImages : TrainingImages
{
    private readonly SafeFileHandle _file;
    private long[] _slots = [];

    public FiledImages(long capacity, (int Channels, int Height, int Width) shape, string? folder) : base(capacity, shape)
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
                $"The training images need a file of {size:N0} bytes, which cannot be made at '{path}': {failure.Message} " +
                "Name a folder with room for it in the option CacheFolder.", failure);
        }
    }

    public override bool IsResident => false;

    public override Tensor Gather(Tensor indices)
    {
        long[] wanted = indices.data<long>().ToArray();
        var pixels = new byte[wanted.Length * ImageSize];
        for (int i = 0; i < wanted.Length; i++)
            Read(_slots[wanted[i]], pixels.AsSpan(i * ImageSize, ImageSize));
        return tensor(pixels, [wanted.Length, Shape.Channels, Shape.Height, Shape.Width]);
    }

    public override void Dispose() => _file.Dispose();

    protected override void Write(long slot, ReadOnlySpan<byte> pixels) => RandomAccess.Write(_file, pixels, slot * ImageSize);

    protected override void Arrange(long[] slots) => _slots = slots;

    private void Read(long slot, Span<byte> pixels)
    {
        long offset = slot * ImageSize;
        while (!pixels.IsEmpty)
        {
            int count = RandomAccess.Read(_file, pixels, offset);
            if (count == 0)
                throw new IOException("The file of training images ends early: something else has truncated it.");
            pixels = pixels[count..];
            offset += count;
        }
    }
}
