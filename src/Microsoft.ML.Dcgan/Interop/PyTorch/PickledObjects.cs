using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>A class or function that a pickle names. It is known by its name alone: nothing of that name is looked up or run.</summary>
internal sealed record PickledName(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A pickle's dictionary, ordered or not.</summary>
internal sealed class PickledDictionary
{
    private List<(object? Key, object? Value)>? _entries;

    public IReadOnlyList<(object? Key, object? Value)> Entries => _entries ?? [];

    public void Add(object? key, object? value) => (_entries ??= []).Add((key, value));
}

/// <summary>Numbers that lie in an entry of their own.</summary>
/// <param name="Type">Of the numbers.</param>
/// <param name="Key">The entry's name.</param>
/// <param name="Count">How many numbers.</param>
internal sealed record PickledStorage(ScalarType Type, string Key, long Count);

/// <summary>A tensor over a part of a storage.</summary>
/// <param name="Storage">Where its numbers are.</param>
/// <param name="Offset">The first one's index.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Strides">Numbers from one to the next in each dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
