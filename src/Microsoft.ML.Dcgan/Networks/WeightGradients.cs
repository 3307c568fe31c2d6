using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Computes the gradients of convolutions' weights in bfloat16 on a processor in place of autograd, as matrix products. In
/// libtorch's own way threads wait for each other within a convolution, at a barrier an image or so: that takes up to half as long again,
/// and many times as long where another program has one of the processors.</summary>
internal sealed class WeightGradients : IDisposable
{
    private readonly Convolution[] _convolutions;
    private readonly Parameter[] _others;
    private readonly List<Pass> _passes = [];

    public WeightGradients(nn.Module network)
    {
        _convolutions = [.. network.modules().OfType<Convolution>()];
        _others = [.. network.parameters().Except(_convolutions.Select(convolution => convolution.Weight))];
        IsUsed = _convolutions[0] is { Precision: ScalarType.BFloat16, Weight.device_type: DeviceType.CPU };
    }

    private bool IsUsed { get; }

    /// <summary>From now on, passes forward are remembered.</summary>
    public void Begin()
    {
        Forget();
        SetFor(IsUsed ? this : null);
    }

    /// <summary>Adds to the gradients of all weights those of some outputs, times what is given for each; and forgets the passes.</summary>
    public void Backward(IList<Tensor> outputs, IList<Tensor> gradients)
    {
        if (!IsUsed)
        {
            autograd.backward(outputs, gradients);
            return;
        }
        using var scope = NewDisposeScope();
        IList<Tensor> found = autograd.grad(outputs, [.. _passes.Select(pass => pass.Output), .. _others], gradients);
        using (no_grad())
        {
            foreach ((Parameter other, Tensor gradient) in _others.Zip(found.Skip(_passes.Count)))
                other.grad!.Plus_(gradient);
        }
        foreach ((Pass pass, Tensor gradient) in _passes.Zip(found))
        {
            using Tensor ofWeight = pass.Convolution.WeightGradient(gradient, pass.Input);
            pass.Weight.backward([ofWeight]);
        }
        Forget();
    }

    /// <summary>A convolution's pass forward, of an input in its precision and a weight with its history.</summary>
    public Tensor Convolve(Convolution convolution, Tensor input, Tensor weight)
    {
        Tensor output = convolution.Convolve(input, weight.detach().to(convolution.Precision));
        if (!output.requires_grad)
            output.requires_grad_();
        _passes.Add(new Pass(convolution, input.detach().DetachFromDisposeScope(), weight.alias().DetachFromDisposeScope(),
            output.DetachFromDisposeScope()));
        return output.alias();
    }

    public void Dispose() => Forget();

    private void Forget()
    {
        SetFor(null);
        _passes.ForEach(pass => pass.Dispose());
        _passes.Clear();
    }

    private void SetFor(WeightGradients? gradients)
    {
        foreach (Convolution convolution in _convolutions)
            convolution.WeightGradients = gradients;
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
