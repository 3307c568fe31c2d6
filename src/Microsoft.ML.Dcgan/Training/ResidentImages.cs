using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>A training set in one tensor, on the training device.</summary>
internal sealed class ResidentImages : TrainingImages
{
    private readonly Device _device;
    private Tensor _pixels;
    private Tensor? _slots;

    public ResidentImages(long capacity, (int Channels, int Height, int Width) shape, Device device) : base(capacity, shape)
    {
        _device = device;
        _pixels = empty([capacity, shape.Channels, shape.Height, shape.Width], ScalarType.Byte, CPU).DetachFromDisposeScope();
    }

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
        _slots = tensor(slots, device: _device).DetachFromDisposeScope();
        if (_device.type != _pixels.device_type)
        {
            Tensor moved = _pixels.to(_device).DetachFromDisposeScope();
            _pixels.Dispose();
            _pixels = moved;
        }
    }
}
