using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Copies of tensors that go on changing, to give them back what they held.</summary>
internal sealed class KeptTensors : IDisposable
{
    private readonly (string Name, Tensor Live, Tensor Kept)[] _tensors;

    /// <summary>Keeps what they hold now.</summary>
    public KeptTensors(IEnumerable<(string Name, Tensor Tensor)> live)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _tensors = live.Select(tensor => (tensor.Name, tensor.Tensor, tensor.Tensor.detach().clone().DetachFromDisposeScope())).ToArray();
    }

    /// <summary>What is kept.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.Select(tensor => (tensor.Name, tensor.Kept));

    /// <summary>Keeps what they hold now, instead.</summary>
    public void Keep() => Copy(tensor => (tensor.Live, tensor.Kept));

    /// <summary>Gives them what was kept.</summary>
    public void Restore() => Copy(tensor => (tensor.Kept, tensor.Live));

    public void Dispose()
    {
        foreach ((_, _, Tensor kept) in _tensors)
            kept.Dispose();
    }

    private void Copy(Func<(string Name, Tensor Live, Tensor Kept), (Tensor From, Tensor To)> direction)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((Tensor from, Tensor to) in _tensors.Select(direction))
            to.copy_(from);
    }
}
