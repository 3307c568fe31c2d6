namespace TorchSharp.Native;

/// <summary>The kinds of value that cross to libtorch; mirrored by native/torch/shim.h.</summary>
internal enum ValueKind
{
    None,
    Integer,
    Real,
    Boolean,
    Tensor,
    Generator,
    Device,
    String,
    Integers,
    Reals,
    Tensors,
    OptionalTensors,
    List,
    Tuple,
}
