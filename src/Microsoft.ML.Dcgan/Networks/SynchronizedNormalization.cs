namespace Microsoft.ML.Dcgan.Networks;

/// <summary>How replicas of a network, each of which sees a share of a minibatch, come by means over all of it.</summary>
/// <param name="Average">From a mean over this one's images to that over all, with its gradients.</param>
/// <param name="Sum">In their place, from a few numbers to the sums of all replicas'.</param>
/// <param name="Share">This one's share of the images, above 0 to 1.</param>
internal sealed record Synchronization(Func<Tensor, Tensor> Average, Action<double[]> Sum, double Share)
{
    /// <summary>From now on a network's statistics are those of the whole minibatch; null: of the images at hand.</summary>
    public static void Set(nn.Module network, Synchronization? synchronization)
    {
        foreach (nn.Module layer in network.modules())
        {
            if (layer is BatchNormalization normalization)
                normalization.Synchronization = synchronization;
            else if (layer is MinibatchDeviation deviation)
                deviation.Synchronization = synchronization;
        }
    }

    /// <summary>The gradients of tensors or, once replicas wait for each other no more, zeros: libtorch, which asks for them, knows no
    /// exceptions of .NET's. The next sum fails likewise.</summary>
    public static Tensor[] GradientsOrZeros(IEnumerable<Tensor> tensors, Func<Tensor[]> gradients)
    {
        try
        {
            return gradients();
        }
        catch (OperationCanceledException)
        {
            return [.. tensors.Select(tensor => zeros_like(tensor))];
        }
    }
}

/// <summary>Batch normalisation by the statistics of all replicas' images, for which each layer asks the others once forward and once
/// backward. What there is of each map is a few numbers, which need no tensors.</summary>
internal sealed class SynchronizedNormalization : autograd.SingleTensorFunction<SynchronizedNormalization>
{
    private static readonly long[] _perMap = [0, 2, 3];

    public override string Name => nameof(SynchronizedNormalization);

    /// <summary>Mean and variance of each map, [2, maps].</summary>
    public static Tensor Moments(Tensor input, Synchronization ranks)
    {
        (int maps, double count) = ((int)input.shape[1], (double)input.numel() / input.shape[1]);
        Tensor own = zeros([2, maps], WeightType, input.device);
        // As running statistics that forget what was before, libtorch gives means, and variances by count - 1.
        nn.functional.batch_norm(Convolution.Widen(input), own[0], own[1], training: true, momentum: 1);
        double[] moments = own.to(ScalarType.Float64).cpu().data<double>().ToArray();
        for (int map = 0; map < maps; map++)
        {
            moments[maps + map] = ranks.Share * (moments[maps + map] * (count - 1) / count + moments[map] * moments[map]);
            moments[map] *= ranks.Share;
        }
        ranks.Sum(moments);
        for (int map = 0; map < maps; map++)
            moments[maps + map] = Math.Max(0, moments[maps + map] - moments[map] * moments[map]);
        return tensor(moments, [2, maps], WeightType, input.device);
    }

    /// <summary>The input by its <see cref="Moments"/>, each map then times its weight and moved by its bias.</summary>
    public static Tensor Of(Tensor input, Tensor weight, Tensor bias, Tensor moments, Synchronization ranks) =>
        apply(input, weight, bias, moments, ranks);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] given = [.. vars.OfType<Tensor>()];
        ctx.save_for_backward([.. given]);
        ctx.save_data(nameof(Synchronization), vars[^1]);
        return nn.functional.batch_norm(given[0], given[3][0], given[3][1], given[1], given[2], training: false,
            eps: BatchNormalization.Epsilon);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        var ranks = (Synchronization)ctx.get_data(nameof(Synchronization));
        Tensor[] gradients = Synchronization.GradientsOrZeros(saved[..3], () => is_grad_enabled()
            ? DifferentiableGradients(saved[0], saved[1], Convolution.Widen(grad_output), ranks)
            : Gradients(saved[0], saved[1], saved[3], Convolution.Widen(grad_output), ranks));
        return [.. gradients.Select(gradient => gradient.MoveToOuterDisposeScope()), null!, null!];
    }

    // Of the input, the weight and the bias. Mean and deviation depend on all images alike.
    private static Tensor[] Gradients(Tensor input, Tensor weight, Tensor moments, Tensor gradient, Synchronization ranks)
    {
        (int maps, double count) = ((int)input.shape[1], (double)input.numel() / input.shape[1]);
        double[] OfMaps(params Tensor[] tensors) => cat(tensors).to(ScalarType.Float64).cpu().data<double>().ToArray();
        Tensor PerMap(double[] numbers) => tensor(numbers, WeightType, input.device);

        double[] known = OfMaps(moments.flatten(), weight);
        double Mean(int map) => known[map];
        double Scale(int map) => 1 / Math.Sqrt(known[maps + map] + BatchNormalization.Epsilon);
        double[] own = OfMaps(gradient.mean(_perMap), (gradient * input).mean(_perMap));
        for (int map = 0; map < maps; map++)
            own[maps + map] = (own[maps + map] - Mean(map) * own[map]) * Scale(map);
        double[] all = [.. own.Select(mean => mean * ranks.Share)];
        ranks.Sum(all);
        var (slope, fall, level) = (new double[maps], new double[maps], new double[maps]);
        for (int map = 0; map < maps; map++)
        {
            slope[map] = Scale(map) * known[2 * maps + map];
            fall[map] = -slope[map] * Scale(map) * all[maps + map];
            level[map] = -Mean(map) * fall[map] - slope[map] * all[map];
        }
        // slope gradient + fall input + level: the latter two as libtorch normalises by given statistics.
        Tensor ofInput = nn.functional.batch_norm(Convolution.Widen(input), zeros_like(weight), ones_like(weight), PerMap(fall),
            PerMap(level), training: false, eps: 0).addcmul_(gradient, PerMap(slope).view(1, -1, 1, 1), Number(1));
        Tensor sums = PerMap([.. own.Select(mean => mean * count)]);
        return [ofInput.to(input.dtype), sums.narrow(0, maps, maps), sums.narrow(0, 0, maps)];
    }

    // The same by operations that have gradients themselves.
    private static Tensor[] DifferentiableGradients(Tensor input, Tensor weight, Tensor gradient, Synchronization ranks)
    {
        Tensor PerMap(Tensor images) => images.mean(_perMap, keepdim: true);
        Tensor features = Convolution.Widen(input);
        Tensor centered = features - ranks.Average(PerMap(features));
        Tensor scale = ranks.Average(PerMap(centered.Square())).Plus(BatchNormalization.Epsilon).rsqrt();
        Tensor normalized = centered * scale;
        Tensor ofBias = PerMap(gradient), ofWeight = PerMap(gradient * normalized);
        Tensor ofInput = (gradient - ranks.Average(ofBias) - normalized * ranks.Average(ofWeight)) * scale * weight.view(1, -1, 1, 1);
        Scalar count = Number(gradient.numel() / gradient.shape[1]);
        return [ofInput.to(input.dtype), (ofWeight * count).flatten(), (ofBias * count).flatten()];
    }
}
