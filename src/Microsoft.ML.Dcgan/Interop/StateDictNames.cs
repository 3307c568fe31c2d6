using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>
/// Between the names of this library's tensors and those of PyTorch's DCGAN example. They are the same ("main.0.weight"),
/// but for what wrappers of PyTorch's modules add.
/// </summary>
internal static class StateDictNames
{
    private const string Layers = "main.";
    private const string SpectralVector = ".weight_u";
    private const string Weight = ".weight";
    private const string UndividedWeight = ".weight_orig";

    // DataParallel's and torch.compile's.
    private static readonly string[] _wrappers = ["module.", "_orig_mod."];

    /// <summary>This library's names, each with that in the file.</summary>
    public static Dictionary<string, string> Of(IReadOnlyCollection<string> names)
    {
        string prefix = "";
        while (names.Count > 0 && Array.Find(_wrappers, wrapper => names.All(name => name.StartsWith(prefix + wrapper, StringComparison.Ordinal))) is { } found)
            prefix += found;
        // The layers' own dictionary, without the module around them.
        string missing = names.All(name => name.Length > prefix.Length && char.IsAsciiDigit(name[prefix.Length])) ? Layers : "";

        var plain = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in names)
            plain[missing + Library(name[prefix.Length..])] = name;
        return plain;
    }

    /// <summary>The name that PyTorch gives a tensor of this library.</summary>
    /// <param name="name">This library's name.</param>
    /// <param name="all">All names of its network.</param>
    public static string PyTorch(string name, IReadOnlyCollection<string> all) =>
        name.EndsWith(Weight, StringComparison.Ordinal) && all.Contains(name[..^Weight.Length] + SpectralVector)
            ? name[..^Weight.Length] + UndividedWeight
            : name;

    // torch.nn.utils.spectral_norm keeps the weight that it divides under another name.
    private static string Library(string name) =>
        name.EndsWith(UndividedWeight, StringComparison.Ordinal) ? name[..^UndividedWeight.Length] + Weight : name;
}

/// <summary>A file's tensors under this library's names.</summary>
internal sealed class NetworkTensors
{
    private const string BatchCount = ".num_batches_tracked";
    private readonly IWeightsFile _file;
    private readonly Dictionary<string, string> _names;

    public NetworkTensors(IWeightsFile file)
    {
        _file = file;
        _names = StateDictNames.Of([.. file.Tensors.Keys]);
        if (_names.Count != file.Tensors.Count)
            throw new FormatException($"{file.Name} holds two tensors that mean the same layer: it is damaged.");
    }

    public bool Has(string name) => _names.ContainsKey(name);

    /// <summary>The shape of a tensor that must be there.</summary>
    public long[] Require(string name, int dimensions)
    {
        if (!_names.TryGetValue(name, out string? stored))
            throw Unfit($"has no '{name}'");
        TensorHeader header = _file.Tensors[stored];
        return header.Shape.Length == dimensions && header.Shape.All(size => size > 0) ? header.Shape
            : throw Unfit($"has '{stored}' as {header}");
    }

    /// <summary>The shapes of a generator's weights: every third layer, as batch normalisation and ReLU follow each.</summary>
    public IReadOnlyList<long[]> GeneratorKernels()
    {
        _ = Require("main.1.running_mean", 1);
        var kernels = new List<long[]> { Require("main.0.weight", 4) };
        do
            kernels.Add(Require($"main.{3 * kernels.Count}.weight", 4));
        while (Has($"main.{3 * kernels.Count}.weight"));
        return kernels;
    }

    /// <summary>Checks that there are as many numbers as the network has, before memory is taken for it.</summary>
    public void RequireCount(long weights)
    {
        long found = _file.Tensors.Where(tensor => !IsCount(tensor.Key)).Sum(tensor => tensor.Value.Shape.Aggregate(1L, (product, size) => product * size));
        if (found != weights)
            throw Unfit($"holds {found} numbers, where this library's network of these sizes has {weights}");
    }

    /// <summary>Gives the network these weights, in float32.</summary>
    public void CopyTo(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Dictionary<string, Tensor> targets = network.state_dict();
        if (_names.Keys.FirstOrDefault(name => !targets.ContainsKey(name)) is { } unknown)
            throw Unfit($"has '{_names[unknown]}', which has no place in this library's network");
        foreach ((string name, Tensor target) in targets)
        {
            // Before PyTorch 0.4.1 there were no such counts, and only training without momentum reads them.
            if (!Has(name) && IsCount(name))
                continue;
            if (!Require(name, target.shape.Length).SequenceEqual(target.shape))
                throw Unfit($"has '{_names[name]}' as {_file.Tensors[_names[name]]}, where [{string.Join(", ", target.shape)}] is expected");
            using Tensor stored = _file.Load(_names[name]);
            target.copy_(stored);
        }
    }

    public FormatException Unfit(string what) => new($"{_file.Name} {what}: it is no network of the kind that PyTorch's DCGAN example and this library have.");

    private static bool IsCount(string name) => name.EndsWith(BatchCount, StringComparison.Ordinal);
}
