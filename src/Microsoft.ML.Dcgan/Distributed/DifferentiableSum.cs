using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Distributed;

/// <summary>The sum of all replicas' tensors, through which gradients flow: what depends on the sum depends on each replica's part alike,
/// so the gradient is the sum of theirs. So is the gradient's own.</summary>
internal sealed class DifferentiableSum : autograd.SingleTensorFunction<DifferentiableSum>
{
    public override string Name => nameof(DifferentiableSum);

    public static Tensor Of(Tensor part, Communicator ranks) => apply(part, ranks);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var ranks = (Communicator)vars[1];
        ctx.save_data(nameof(Communicator), ranks);
        Tensor sum = ((Tensor)vars[0]).detach().clone();
        ranks.Sum(sum);
        return sum;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [.. Synchronization.GradientsOrZeros([grad_output],
            () => [Of(grad_output.contiguous(), (Communicator)ctx.get_data(nameof(Communicator)))]), null!];
}
