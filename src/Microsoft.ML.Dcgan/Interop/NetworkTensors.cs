using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>This library's names of tensors are those of PyTorch's DCGAN example, but for what wrappers of its modules add.</summary>
internal static class StateDictNames
{
    private const string Network = "main.";
    private const string SpectralVector = ".weight_u";
    private const string Weight = ".weight";
    private const string UndividedWeight = ".weight_orig";

    // DataParallel's and torch.compile's.
    private static readonly string[] _wrappers = ["module.", "_orig_mod."];

    /// <summary>This library's names, each with that in the file.</summary>
    public static Dictionary<string, string> ToLibrary(IReadOnlyCollection<string> names)
    {
        string prefix = "";
        while (names.Count > 0 && Array.Find(_wrappers, IsAround) is { } found)
            prefix += found;
        // The layers' own dictionary, without the module around them.
        string missing = names.All(name => name.Length > prefix.Length && char.IsAsciiDigit(name[prefix.Length])) ? Network : "";

        var plain = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            // torch.nn.utils.spectral_norm keeps the weight that it divides under another name.
            string own = name.EndsWith(UndividedWeight, StringComparison.Ordinal) ? name[..^UndividedWeight.Length] + Weight : name;
            plain[missing + own[prefix.Length..]] = name;
        }
        return plain;

        bool IsAround(string wrapper) => names.All(name => name.StartsWith(prefix + wrapper, StringComparison.Ordinal));
    }

    /// <summary>The name that PyTorch gives a tensor of this library.</summary>
    public static string PyTorch(string name, IReadOnlyCollection<string> all) =>
        name.EndsWith(Weight, StringComparison.Ordinal) && all.Contains(name[..^Weight.Length] + SpectralVector)
            ? name[..^Weight.Length] + UndividedWeight
            : name;
}

/// <summary>A file's tensors under this library's names.</summary>
internal sealed class NetworkTensors
{
    private readonly WeightsFile _file;
    private readonly Dictionary<string, string> _names;

    public NetworkTensors(WeightsFile file)
    {
        _file = file;
        _names = StateDictNames.ToLibrary([.. file.Tensors.Keys]);
        if (_names.Count != file.Tensors.Count)
            throw new FormatException($"{file.Name} holds two tensors that mean the same layer: it is damaged.");
    }

    public long[] Require(string name, int dimensions)
    {
        StoredTensor tensor = Stored(name) ?? throw Unfit($"has no '{name}'");
        return tensor.Shape.Length == dimensions && tensor.Shape.All(size => size > 0) ? tensor.Shape
            : throw Unfit($"has '{_names[name]}' as {tensor}");
    }

    /// <summary>The shapes of a generator's weights: every third layer, as batch normalisation and ReLU follow each.</summary>
    public IReadOnlyList<long[]> GeneratorKernels()
    {
        _ = Require("main.1.running_mean", 1);
        return [.. Enumerable.Range(0, int.MaxValue).Select(index => $"main.{3 * index}.weight")
            .TakeWhile((name, index) => index < 2 || _names.ContainsKey(name)).Select(name => Require(name, 4))];
    }

    /// <summary>How well these are a network's tensors: those that are there as it has them, less those that are not.</summary>
    public int Likeness(IReadOnlyList<Layer> layers) => layers.SelectMany(layer => layer.Tensors).Sum(tensor =>
        Stored(tensor.Name)?.Shape.SequenceEqual(tensor.Shape) == true ? 1 : -1);

    /// <summary>Checks, before memory is taken for the network, that these are its tensors and no others.</summary>
    public void RequireMatch(IReadOnlyList<Layer> layers)
    {
        Dictionary<string, LayerTensor> expected = layers.SelectMany(layer => layer.Tensors).ToDictionary(tensor => tensor.Name);
        foreach ((string name, LayerTensor tensor) in expected)
        {
            // Before PyTorch 0.4.1 there were no such counts, and only training without momentum reads them.
            if (!_names.ContainsKey(name) && name.EndsWith(Layers.BatchCount, StringComparison.Ordinal))
                continue;
            if (!Require(name, tensor.Shape.Length).SequenceEqual(tensor.Shape))
                throw Unfit($"has '{_names[name]}' as {Stored(name)}, where [{string.Join(", ", tensor.Shape)}] is expected");
        }
        if (_names.Keys.FirstOrDefault(name => !expected.ContainsKey(name)) is { } unknown)
            throw Unfit($"has '{_names[unknown]}', which has no place in this library's network");
    }

    /// <summary>Gives the network that they match these weights, in float32.</summary>
    public void CopyTo(nn.Module network)
    {
        using var scope = new NoGradScope();
        foreach ((string name, Tensor target) in network.state_dict().Where(target => _names.ContainsKey(target.Key)))
        {
            using Tensor stored = _file.Load(_names[name]);
            target.copy_(stored);
        }
    }

    private StoredTensor? Stored(string name) => _names.TryGetValue(name, out string? stored) ? _file.Tensors[stored] : null;

    public FormatException Unfit(string what) =>
        new($"{_file.Name} {what}: it is no network of the kind that PyTorch's DCGAN example and this library have.");
}

/// <summary>The networks that files' tensors are of: of those that this library has, the ones whose layers they fit best.</summary>
internal static class ImportedShape
{
    private const int MostConvolutions = 11;

    /// <exception cref="FormatException">They are of no such networks. Others that do not match may be let through.</exception>
    public static NetworkShape Recognize(NetworkTensors generator, NetworkTensors? discriminator, DcganImportOptions options)
    {
        IReadOnlyList<long[]> kernels = generator.GeneratorKernels();
        (long height, long width) = (kernels[0][2], kernels[0][3]);
        if (height > NetworkShape.LargestBaseSide || width > NetworkShape.LargestBaseSide || kernels.Count > MostConvolutions)
            throw generator.Unfit($"starts from {height}x{width} in {kernels.Count} layers");

        IEnumerable<NetworkShape> shapes = from upsampling in Enum.GetValues<DcganUpsampling>()
                                           from kernel in new[] { 4, 5 }
                                           select Shape(kernels, upsampling, kernel, options);
        NetworkShape shape = shapes.MaxBy(shape => generator.Likeness(Layers.Generator(shape)))!;
        if (shape.Halvings != kernels.Count - 1 || shape.Resolutions[^1] != (height, width))
        {
            throw generator.Unfit($"makes images of {shape.Height}x{shape.Width} from {height}x{width} in {kernels.Count - 1} doublings, "
                + $"where this library has {shape.Resolutions[^1].Height}x{shape.Resolutions[^1].Width} in {shape.Halvings}");
        }
        return discriminator == null ? shape : WithDiscriminator(shape, discriminator);
    }

    // A transposed convolution's weights have its inputs first, any other's its outputs.
    private static NetworkShape Shape(IReadOnlyList<long[]> kernels, DcganUpsampling upsampling, int kernel, DcganImportOptions options)
    {
        (long[] first, long[] last) = (kernels[0], kernels[^1]);
        bool resizes = upsampling == DcganUpsampling.ResizeConvolution;
        int maps = ToInt32(last[resizes ? 1 : 0]);
        int channels = ToInt32(last[resizes ? 0 : 1]), noise = ToInt32(first[0] - options.Classes.Count);
        return new NetworkShape(Side(2, options.ImageHeight), Side(3, options.ImageWidth), channels, noise, maps, maps, kernel)
        {
            Classes = options.Classes.Count,
            NoiseDistribution = options.NoiseDistribution,
            Upsampling = upsampling,
        };

        // A kernel of 3 for 4 tells that the larger size is odd. Other kernels fit two sizes: this is the larger.
        int Side(int axis, int? wanted) => wanted ?? kernels.Skip(1).Aggregate((int)first[axis],
            (side, layer) => 2 * side - (!resizes && kernel == 4 && layer[axis] == 3 ? 1 : 0));
    }

    private static NetworkShape WithDiscriminator(NetworkShape shape, NetworkTensors discriminator)
    {
        shape = shape with { DiscriminatorFeatureMaps = ToInt32(discriminator.Require("main.0.weight", 4)[0]) };
        IEnumerable<NetworkShape> shapes = from normalization in Enum.GetValues<DcganNormalization>()
                                           from deviation in new[] { false, true }
                                           select shape with { DiscriminatorNormalization = normalization, MinibatchDeviation = deviation };
        shape = shapes.MaxBy(shape => discriminator.Likeness(Layers.Discriminator(shape)))!;
        if (discriminator.Require($"{Layers.Discriminator(shape)[^1].Name}.weight", 4)[0] - 1 is var classes && classes != shape.Classes)
        {
            throw discriminator.Unfit($"tells {classes} classes apart, but {nameof(DcganImportOptions.Classes)} has {shape.Classes}. "
                + "Set it to what it was trained on. As it stands");
        }
        return shape;
    }

    private static int ToInt32(long size) => (int)Math.Min(size, int.MaxValue);
}
