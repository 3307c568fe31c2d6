using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Computes the gradients of a network's weights. In bfloat16 on a processor, those of convolutions are matrix products in place
/// of autograd's: in libtorch's own way threads wait for each other within a convolution, at a barrier an image or so, which takes up to
/// half as long again, and many times as long where another program has one of the processors. For replicas, those of most weights are
/// there before the first layers' are computed, beside which they can be summed.</summary>
internal sealed class WeightGradients : IDisposable
{
    // A third of the multiplications of a discriminator of 64x64, and a twentieth of its weights.
    private const int LateConvolutions = 2;

    private readonly Convolution[] _convolutions;
    private readonly Convolution[] _remembered;
    private readonly Parameter[] _others;
    private readonly Parameter? _early;
    private readonly List<Pass> _passes = [];

    /// <param name="network">Whose weights these are.</param>
    /// <param name="splits">Whether the gradients of all weights but the first convolutions' are to be found early.</param>
    public WeightGradients(nn.Module network, bool splits = false)
    {
        _convolutions = [.. network.modules().OfType<Convolution>()];
        Parameter[] all = [.. network.parameters()], early = splits && _convolutions.Length > LateConvolutions
            ? all[(Array.FindIndex(all, weight => ReferenceEquals(weight, _convolutions[LateConvolutions - 1].Weight)) + 1)..]
            : [];
        _early = early.FirstOrDefault();
        MakesProducts = _convolutions[0] is { Precision: ScalarType.BFloat16, Weight.device_type: DeviceType.CPU };
        _remembered = MakesProducts ? _convolutions : early.Length > 0 ? [_convolutions[LateConvolutions - 1]] : [];
        _others = MakesProducts ? [.. all.Except(_convolutions.Select(convolution => convolution.Weight))] : early;
    }

    private bool MakesProducts { get; }

    /// <summary>From now on, passes forward are remembered.</summary>
    public void Begin()
    {
        Forget();
        foreach (Convolution convolution in _remembered)
            convolution.WeightGradients = this;
    }

    /// <summary>Adds to the gradients of all weights those of some outputs, times what is given for each; and forgets the passes. Where it
    /// splits, <paramref name="found"/> is called when those from a weight to the last are there.</summary>
    public void Backward(IList<Tensor> outputs, IList<Tensor> gradients, Action<Parameter>? found = null)
    {
        if (_remembered.Length == 0)
        {
            autograd.backward(outputs, gradients);
            return;
        }
        using var scope = NewDisposeScope();
        Tensor[] between = [.. _passes.Select(pass => pass.Output)];
        IList<Tensor> slopes = autograd.grad(outputs, [.. between, .. _others], gradients);
        using (no_grad())
        {
            foreach ((Parameter other, Tensor slope) in _others.Zip(slopes.Skip(between.Length)))
                other.grad!.Plus_(slope);
        }
        if (MakesProducts)
            AddProducts(slopes, areLate: false);
        if (_early is { } first)
            found!(first);
        if (MakesProducts)
            AddProducts(slopes, areLate: true);
        else
            autograd.backward(between, [.. slopes.Take(between.Length)]);
        Forget();
    }

    /// <summary>A convolution's pass forward, of an input in its precision and a weight with its history.</summary>
    public Tensor Convolve(Convolution convolution, Tensor input, Tensor weight)
    {
        Tensor output = convolution.Convolve(input, convolution.InPrecision(MakesProducts ? weight.detach() : weight));
        if (!output.requires_grad)
            output.requires_grad_();
        _passes.Add(new Pass(convolution, input.detach().DetachFromDisposeScope(), weight.alias().DetachFromDisposeScope(),
            output.DetachFromDisposeScope()));
        return output.alias();
    }

    public void Dispose() => Forget();

    private void AddProducts(IList<Tensor> slopes, bool areLate)
    {
        foreach ((Pass pass, Tensor slope) in _passes.Zip(slopes))
        {
            if (Array.IndexOf(_convolutions, pass.Convolution) < LateConvolutions != areLate)
                continue;
            using Tensor ofWeight = pass.Convolution.WeightGradient(slope, pass.Input);
            pass.Weight.backward([ofWeight]);
        }
    }

    private void Forget()
    {
        foreach (Convolution convolution in _remembered)
            convolution.WeightGradients = null;
        _passes.ForEach(pass => pass.Dispose());
        _passes.Clear();
    }

    private sealed record Pass(Convolution Convolution, Tensor Input, Tensor Weight, Tensor Output) : IDisposable
    {
        public void Dispose()
        {
            Input.Dispose();
            Weight.Dispose();
            Output.Dispose();
        }
    }
}
