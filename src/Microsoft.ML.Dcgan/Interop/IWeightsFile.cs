using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>A file of named tensors. What it says of them is known, and known to be there, before any is loaded.</summary>
internal interface IWeightsFile : IDisposable
{
    /// <summary>What errors call it.</summary>
    string Name { get; }

    IReadOnlyDictionary<string, TensorHeader> Tensors { get; }

    /// <summary>One of <see cref="Tensors"/>, on the CPU.</summary>
    Tensor Load(string tensorName);
}

/// <summary>All of a tensor but its numbers.</summary>
internal readonly record struct TensorHeader(ScalarType Type, long[] Shape)
{
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
