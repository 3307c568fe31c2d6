using System.Text.Json;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>What <see cref="DcganOnnxOptions"/> ask for.</summary>
internal sealed record OnnxSignature(string InputName, string LabelName, string OutputName, bool BytePixels, bool OneHotLabels);

/// <summary>A trained network as ONNX operators. What is a scale or a shift by then is part of the convolution beside it: normalisation,
/// and the minibatch's deviation.</summary>
internal abstract class OnnxNetwork(
    string name, NetworkShape shape, IReadOnlyList<Layer> layers, nn.Module network, OnnxSignature signature)
{
    protected OnnxGraph Graph { get; } = new(name);

    protected NetworkShape Shape => shape;

    protected IReadOnlyList<Layer> NetworkLayers => layers;

    protected OnnxSignature Signature => signature;

    protected Dictionary<string, Tensor> Tensors { get; } = network.state_dict();

    protected string AddLayer(string input, Layer layer) => layer.Kind switch
    {
        LayerKind.ConvTranspose2d => AddConvolution("ConvTranspose", input, layer, ("output_padding", layer.Sampling.OutputPadding)),
        LayerKind.UpsampleConv2d => AddConvolution("Conv", AddDoubling(input, layer), layer),
        LayerKind.Conv2d => AddConvolution("Conv", input, layer),
        LayerKind.BatchNorm2d or LayerKind.MinibatchDeviation => input,
        LayerKind.ReLU => Graph.Node("Relu", layer.Name, [input]),
        LayerKind.LeakyReLU => Graph.Node("LeakyRelu", layer.Name, [input], ("alpha", (float)Layer.Leak)),
        LayerKind.Tanh => Graph.Node("Tanh", signature.BytePixels ? layer.Name : signature.OutputName, [input]),
        _ => throw new NotSupportedException($"{layer.Kind} is no layer of these networks."),
    };

    /// <summary>A convolution's weight and, where something else is part of it, bias.</summary>
    protected virtual (Tensor Weight, Tensor? Bias) Weights(Layer layer) => FoldedWeights.Of(layers, layer, Tensors);

    private string AddConvolution(string operation, string input, Layer layer, params ReadOnlySpan<(string, object)> others)
    {
        (Tensor weight, Tensor? bias) = Weights(layer);
        string[] inputs = [input, Graph.Constant($"{layer.Name}.weight", weight.to(ScalarType.Float32))];
        if (bias is not null)
            inputs = [.. inputs, Graph.Constant($"{layer.Name}.bias", bias.to(ScalarType.Float32))];
        Resampling sampling = layer.Sampling;
        return Graph.Node(operation, layer.Name, inputs, [("kernel_shape", sampling.Kernel), ("strides", sampling.Stride),
            ("pads", (long[])[.. sampling.Padding, .. sampling.Padding]), .. others]);
    }

    // To an odd size, repeating pixels gives twice the smaller one but for the last row or column. (A scale that is no whole
    // number would be rounded, and sizes instead of scales would have to name the batch's.)
    private string AddDoubling(string input, Layer layer)
    {
        string scales = Graph.Constant($"{layer.Name}.scales", tensor(new[] { 1f, 1f, 2f, 2f }));
        string doubled = Graph.Node("Resize", $"{layer.Name}.doubled", [input, "", scales],
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        (_, int height, int width) = layer.Output;
        if (height % 2 == 0 && width % 2 == 0)
            return doubled;
        return Graph.Node("Slice", $"{layer.Name}.cut",
        [
            doubled,
            Graph.Constant($"{layer.Name}.starts", tensor(new[] { 0L, 0L })),
            Graph.Constant($"{layer.Name}.ends", tensor(new[] { (long)height, width })),
            Graph.Constant($"{layer.Name}.axes", tensor(new[] { 2L, 3L })),
        ]);
    }
}

/// <summary>Noise and, where there are any, classes to images.</summary>
internal sealed class OnnxGenerator(GanNetworks networks, OnnxSignature signature)
    : OnnxNetwork("generator", networks.Shape, Layers.Generator(networks.Shape), networks.Generator, signature)
{
    public static OnnxGraph Images(GanNetworks networks, IReadOnlyList<string> classes, OnnxSignature signature)
    {
        using var scope = NewDisposeScope();
        var generator = new OnnxGenerator(networks, signature);
        generator.AddOutput(generator.NetworkLayers.Aggregate(generator.AddInput(), generator.AddLayer));
        generator.Graph.Metadata["noise"] = networks.Shape.NoiseDistribution == DcganNoise.Uniform
            ? "uniform in [-1, 1)" : "normal, mean 0, deviation 1";
        if (classes.Count > 0)
            generator.Graph.Metadata["classes"] = JsonSerializer.Serialize(classes);
        return generator.Graph;
    }

    // [batch, noise and classes, 1, 1]
    private string AddInput()
    {
        string input = Graph.Input(Signature.InputName, OnnxType.Single, Shape.NoiseSize);
        if (Shape.Classes > 0)
            input = Graph.Node("Concat", "/noise_and_class", [input, AddOneHot()], ("axis", 1L));
        string shape = Graph.Constant("/first.shape", tensor(new[] { 0L, NetworkLayers[0].Input.Maps, 1, 1 }));
        return Graph.Node("Reshape", "/first", [input, shape]);
    }

    private string AddOneHot() => Signature.OneHotLabels
        ? Graph.Input(Signature.LabelName, OnnxType.Single, Shape.Classes)
        : Graph.Node("OneHot", "/one_hot",
        [
            Graph.Input(Signature.LabelName, OnnxType.Int64),
            Graph.Constant("/one_hot.depth", tensor((long)Shape.Classes)),
            Graph.Constant("/one_hot.values", tensor(new[] { 0f, 1f })),
        ]);

    private void AddOutput(string pixels)
    {
        string output = Signature.OutputName;
        if (!Signature.BytePixels)
        {
            Graph.Output(output, OnnxType.Single, Shape.Channels, Shape.Height, Shape.Width);
            return;
        }

        string scaled = Graph.Node("Mul", "/scaled", [pixels, Graph.Constant("/half", tensor(127.5f))]);
        // The nearest byte of half a level more, as the transformer rounds.
        string shifted = Graph.Node("Add", "/shifted", [scaled, Graph.Constant("/middle", tensor(128f))]);
        string whole = Graph.Node("Floor", "/whole", [shifted]);
        string interleaved = Graph.Node("Transpose", "/interleaved", [whole], ("perm", new long[] { 0, 2, 3, 1 }));
        Graph.Node("Cast", output, [interleaved], ("to", (long)OnnxType.Byte));
        Graph.Output(output, OnnxType.Byte, Shape.Height, Shape.Width, Shape.Channels);
    }
}

/// <summary>Images to what the discriminator sees in them, or how real it holds them to be.</summary>
internal sealed class OnnxDiscriminator(string name, Discriminator discriminator, OnnxSignature signature)
    : OnnxNetwork(name, discriminator.Shape, Layers.Discriminator(discriminator.Shape), discriminator, signature)
{
    /// <summary><see cref="Discriminator.Features"/>.</summary>
    public static OnnxGraph Features(Discriminator discriminator, OnnxSignature signature)
    {
        using var scope = NewDisposeScope();
        var network = new OnnxDiscriminator("featurizer", discriminator, signature);
        string hidden = network.AddInput();
        var features = new List<string>();
        foreach (Layer layer in network.NetworkLayers.SkipLast(1))
        {
            hidden = network.AddLayer(hidden, layer);
            if (layer.Kind != LayerKind.LeakyReLU)
                continue;
            string pooled = network.AddPooling(network.AddPooling(hidden, 2, layer.Output.Height), 3, layer.Output.Width);
            features.Add(network.Graph.Node("Flatten", $"{layer.Name}.features", [pooled]));
        }
        network.Graph.Node("Concat", signature.OutputName, [.. features], ("axis", 1L));
        network.Graph.Output(signature.OutputName, OnnxType.Single, discriminator.Shape.Features);
        return network.Graph;
    }

    /// <summary>The sigmoid of <see cref="Discriminator.Logits"/> of images without labels.</summary>
    public static OnnxGraph Realness(Discriminator discriminator, OnnxSignature signature)
    {
        using var scope = NewDisposeScope();
        var network = new OnnxDiscriminator("realness", discriminator, signature);
        string logits = network.NetworkLayers.Aggregate(network.AddInput(), network.AddLayer);
        string best = network.Graph.Node("ReduceMax", "/logit", [logits], ("axes", new long[] { 1, 2, 3 }), ("keepdims", 0L));
        network.Graph.Node("Sigmoid", signature.OutputName, [best]);
        network.Graph.Output(signature.OutputName, OnnxType.Single);
        return network.Graph;
    }

    // The last convolution has the logit of each class, where there are any, in place of what is added to them all; and what is
    // the same at every place, the deviation, is no input any more.
    protected override (Tensor Weight, Tensor? Bias) Weights(Layer layer)
    {
        (Tensor weight, Tensor? bias) = base.Weights(layer);
        if (layer != NetworkLayers[^1])
            return (weight, bias);
        if (Shape.Classes > 0)
            weight = weight.narrow(0, 1, Shape.Classes).Plus(weight.narrow(0, 0, 1));
        if (!Shape.MinibatchDeviation)
            return (weight, null);
        Tensor deviation = Tensors[$"{NetworkLayers[^2].Name}.{MinibatchDeviation.RunningName}"];
        return (weight.narrow(1, 0, weight.shape[1] - 1), weight.select(1, -1).sum([1, 2]) * deviation);
    }

    // [batch, channels, height, width] in [-1, 1]
    private string AddInput()
    {
        if (!Signature.BytePixels)
            return Graph.Input(Signature.InputName, OnnxType.Single, Shape.Channels, Shape.Height, Shape.Width);
        string bytes = Graph.Input(Signature.InputName, OnnxType.Byte, Shape.Height, Shape.Width, Shape.Channels);
        string numbers = Graph.Node("Cast", "/numbers", [bytes], ("to", (long)OnnxType.Single));
        string planes = Graph.Node("Transpose", "/planes", [numbers], ("perm", new long[] { 0, 3, 1, 2 }));
        string scaled = Graph.Node("Div", "/scaled", [planes, Graph.Constant("/half", tensor(127.5f))]);
        return Graph.Node("Sub", "/pixels", [scaled, Graph.Constant("/one", tensor(1f))]);
    }

    // As adaptive_max_pool2d: of n windows the i-th reaches from side * i / n to side * (i + 1) / n, rounded outwards. Shorter ones
    // have their last place twice.
    private string AddPooling(string input, int axis, int side)
    {
        int count = (int)NetworkShape.PooledSide(side);
        if (count == side)
            return input;
        (int Start, int End)[] windows =
            [.. Enumerable.Range(0, count).Select(i => (side * i / count, (side * (i + 1) + count - 1) / count))];
        int longest = windows.Max(window => window.End - window.Start);
        long[] places = [.. from window in windows
                            from place in Enumerable.Range(window.Start, longest)
                            select (long)Math.Min(place, window.End - 1)];
        string indices = Graph.Constant($"{input}.places", tensor(places, [count, longest]));
        string gathered = Graph.Node("Gather", $"{input}.windows", [input, indices], ("axis", (long)axis));
        return Graph.Node("ReduceMax", $"{input}.pooled", [gathered], ("axes", new[] { axis + 1L }), ("keepdims", 0L));
    }
}
