using TorchSharp.Utils;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Images [n, channels, height, width] in [-1, 1] to one logit each, [n]: the higher, the likelier real; by
/// <see cref="Layers.Discriminator"/>. With classes it judges images of a label, by projection (Miyato and Koyama 2018, equation 3): the
/// last convolution has an output more for each class, which is added to the first for images of that class; its weights are the class's
/// embedding, over the last features as they lie.</summary>
internal sealed class Discriminator : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>[] _layers;
    private readonly nn.Module<Tensor, Tensor> _main;

    public Discriminator(NetworkShape shape) : base(nameof(Discriminator))
    {
        Shape = shape;
        _layers = LayerModules.Create(Layers.Discriminator(shape));
        _main = nn.Sequential(_layers);
        register_module("main", _main);
    }

    public NetworkShape Shape { get; }

    public Device Device => parameters().First().device;

    /// <summary>Images without labels.</summary>
    public override Tensor forward(Tensor images) => Logits(images, null);

    /// <param name="images">[n, channels, height, width] in [-1, 1].</param>
    /// <param name="labels">Int64 [n], 0 to the number of classes - 1; null where there are none. With classes, an image without a label is
    /// as real as it is in the class that suits it best.</param>
    public Tensor Logits(Tensor images, Tensor? labels)
    {
        using var scope = NewDisposeScope();
        Tensor outputs = Convolution.Widen(_main.call(images).flatten(1));
        if (Shape.Classes == 0)
            return outputs.view(-1).MoveToOuterDisposeScope();
        Tensor projections = outputs.narrow(1, 1, Shape.Classes);
        Tensor own = labels is null ? projections.amax([1], keepdim: true) : projections.gather(1, labels.unsqueeze(1));
        return outputs.narrow(1, 0, 1).Plus(own).view(-1).MoveToOuterDisposeScope();
    }

    /// <summary>What every layer but the last makes of images, after its LeakyReLU: each feature map's largest values in a grid of 4x4, or
    /// all of a map that is smaller, layer after layer, [n, <see cref="NetworkShape.Features"/>] (Radford, Metz and Chintala 2015, section
    /// 5.1).</summary>
    public Tensor Features(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = new List<Tensor>();
        Tensor hidden = images;
        foreach (nn.Module<Tensor, Tensor> layer in _layers.SkipLast(1))
        {
            hidden = layer.call(hidden);
            if (layer is HiddenActivation)
            {
                long[] grid = [NetworkShape.PooledSide(hidden.shape[2]), NetworkShape.PooledSide(hidden.shape[3])];
                features.Add(nn.functional.adaptive_max_pool2d(hidden, grid).flatten(1));
            }
        }
        return Convolution.Widen(cat(features, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>A new one by itself, in evaluation mode: batch normalisation takes the statistics of training, so that an image is judged
    /// alike in any company.</summary>
    public static Discriminator InEvaluation(NetworkShape shape, Device device, ScalarType precision)
    {
        Discriminator network = GanNetworks.Place(new Discriminator(shape), device, precision);
        network.eval();
        return network;
    }

    /// <summary>The same, with the weights of these networks.</summary>
    public static Discriminator CopyOf(GanNetworks networks)
    {
        Discriminator copy = InEvaluation(networks.Shape, networks.Device, networks.Precision);
        GanNetworks.Copy(networks.Discriminator, copy);
        return copy;
    }
}

/// <summary>Tells the discriminator how much the images of a minibatch differ: each feature's standard deviation over them, at each place,
/// the mean of which is one more feature map (Karras et al. 2018, section 3). A generator that makes the same image of all noise is found
/// out by it. In evaluation mode it is the running mean of training, so that an image is judged alike in any company.</summary>
internal sealed class MinibatchDeviation : nn.Module<Tensor, Tensor>
{
    public const string RunningName = "running_deviation";
    private const double Momentum = 0.1;
    private const double Epsilon = 1e-8;

    // Moving a module to a device replaces it.
    [ComponentName(Name = RunningName)]
    private Tensor _running;

    public MinibatchDeviation() : base(nameof(MinibatchDeviation))
    {
        _running = zeros([], WeightType);
        register_buffer(RunningName, _running);
    }

    /// <inheritdoc cref="BatchNormalization.Synchronization"/>
    public Synchronization? Synchronization { get; set; }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor deviation = _running;
        if (training)
        {
            Func<Tensor, Tensor> ofAll = Synchronization?.Average ?? (mean => mean);
            Tensor features = Convolution.Widen(input);
            Tensor fromMean = features - ofAll(features.mean([0], keepdim: true));
            deviation = ofAll(fromMean.Square().mean([0])).Plus(Epsilon).sqrt().mean();
            using var _ = no_grad();
            _running.lerp_(deviation.detach(), Momentum);
        }
        long[] sizes = input.shape;
        return cat([input, deviation.to(input.dtype).expand(sizes[0], 1, sizes[2], sizes[3])], 1).MoveToOuterDisposeScope();
    }
}
