namespace Microsoft.ML.Dcgan.Interop;

/// <summary>
/// Between the names of this library's tensors and those of PyTorch's DCGAN example. They are the same ("main.0.weight"),
/// but for what wrappers of PyTorch's modules add.
/// </summary>
internal static class PlainNames
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
