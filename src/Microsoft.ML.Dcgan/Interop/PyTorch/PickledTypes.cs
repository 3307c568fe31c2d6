using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>The classes and functions that a state dictionary of PyTorch names, and what each makes. There are no others.</summary>
internal static class PickledTypes
{
    public static readonly PickledName OrderedDictionary = new("collections", "OrderedDict");
    public static readonly PickledName RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    private static readonly PickledName _rebuildParameter = new("torch._utils", "_rebuild_parameter");
    private static readonly Dictionary<PickledName, ScalarType> _storages = new()
    {
        [new("torch", "DoubleStorage")] = ScalarType.Float64,
        [new("torch", "FloatStorage")] = ScalarType.Float32,
        [new("torch", "HalfStorage")] = ScalarType.Float16,
        [new("torch", "BFloat16Storage")] = ScalarType.BFloat16,
        [new("torch", "LongStorage")] = ScalarType.Int64,
    };

    public static bool Knows(PickledName name) =>
        name == OrderedDictionary || name == RebuildTensor || name == _rebuildParameter || _storages.ContainsKey(name);

    public static PickledName StorageOf(ScalarType type) => _storages.Single(entry => entry.Value == type).Key;

    /// <param name="arguments">"storage", its class, its key, the device it was on, and how many numbers it has.</param>
    /// <param name="refused">Makes an error.</param>
    public static PickledStorage Storage(object?[] arguments, Func<string, FormatException> refused) =>
        arguments is ["storage", PickledName type, string key, string, long and >= 0 and var count] && _storages.TryGetValue(type, out ScalarType scalar)
            ? new PickledStorage(scalar, key, count)
            : throw refused("refers to a storage in an unknown way");

    /// <param name="function">What to call.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="refused">Makes an error.</param>
    public static object Call(PickledName? function, object?[] arguments, Func<string, FormatException> refused)
    {
        if (function == OrderedDictionary && arguments.Length == 0)
            return new PickledDictionary();
        if (function == RebuildTensor && arguments is [PickledStorage storage, long and >= 0 and var offset, object?[] shape, object?[] strides, bool, ..]
            && Sizes(shape) is { } sizes && Sizes(strides) is { } steps && sizes.Length == steps.Length)
        {
            return new PickledTensor(storage, offset, sizes, steps);
        }
        if (function == _rebuildParameter && arguments is [PickledTensor tensor, bool, ..])
            return tensor;
        throw refused($"calls '{function?.ToString() ?? "something"}' with arguments that do not fit");
    }

    private static long[]? Sizes(object?[] values) => values.All(value => value is long and >= 0) ? values.Cast<long>().ToArray() : null;
}
