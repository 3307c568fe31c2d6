using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// A network's weights, laid one after another into one buffer, and their gradients into another, so that what is done to
/// all of them takes a few calls. The network goes on using its weights, where they now lie.
/// </summary>
internal sealed class FlatWeights : IDisposable
{
    // Numbers in a cache line of 64 bytes: vector instructions like tensors to start at one.
    private const long Alignment = 16;

    // An optimiser passes over its tensors again and again. On a processor, a piece of a megabyte stays in the cache
    // meanwhile, which makes a step a quarter shorter than with the whole; a GPU is best called once.
    private const long PieceOnCpu = 1 << 18;

    private readonly Parameter[] _owners;
    private readonly Tensor _weights;
    private readonly Tensor _gradients;
    private readonly Parameter[] _pieces;

    public FlatWeights(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _owners = network.parameters().ToArray();
        Device device = _owners[0].device;
        long size = _owners.Sum(Room);
        _weights = zeros(size, device: device).DetachFromDisposeScope();
        _gradients = zeros(size, device: device).DetachFromDisposeScope();

        long offset = 0;
        foreach (Parameter weight in _owners)
        {
            long[] strides = weight.stride();
            Tensor place = _weights.as_strided(weight.shape, strides, offset);
            place.copy_(weight);
            weight.set_(place);
            weight.grad = _gradients.as_strided(weight.shape, strides, offset);
            offset += Room(weight);
        }

        long length = device.type == DeviceType.CPU ? PieceOnCpu : size;
        var pieces = new List<Parameter>();
        for (long start = 0; start < size; start += length)
        {
            long end = Math.Min(start + length, size);
            Parameter piece = nn.Parameter(_weights.narrow(0, start, end - start));
            piece.DetachFromDisposeScope();
            piece.grad = _gradients.narrow(0, start, end - start);
            pieces.Add(piece);
        }
        _pieces = pieces.ToArray();
    }

    /// <summary>All weights and gradients, for an optimiser: the whole buffer, or pieces of it.</summary>
    public IEnumerable<Parameter> Pieces => _pieces;

    /// <summary>Sets all gradients to 0.</summary>
    public void ForgetGradients() => _gradients.zero_();

    /// <summary>All weights in one vector, with some zeros between them. What is written to it, the network has.</summary>
    public Tensor All => _weights;

    /// <summary>The network keeps its weights; the gradients are gone.</summary>
    public void Dispose()
    {
        foreach (Parameter weight in _owners)
            weight.grad = null;
        foreach (Parameter piece in _pieces)
        {
            piece.grad = null;
            piece.Dispose();
        }
        _gradients.Dispose();
        _weights.Dispose();
    }

    private static long Room(Parameter weight) => (weight.numel() + Alignment - 1) / Alignment * Alignment;
}
