using System;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>Reads what the shim returned: values in order, each list or tuple followed by its elements.</summary>
internal static unsafe class Results
{
    public static Tensor Tensor(ref Value* next)
    {
        Value value = *next++;
        return value.Kind switch
        {
            ValueKind.None => null,
            ValueKind.Tensor => new Tensor((nint)value.Bits),
            _ => throw new InvalidOperationException($"Expected a tensor but got a value of kind {value.Kind}."),
        };
    }

    /// <summary>A tensor, a scalar, null, or an array or tuple of these.</summary>
    public static object Object(ref Value* next)
    {
        Value value = *next;
        if (value.Kind is ValueKind.Tensor or ValueKind.None)
            return Tensor(ref next);

        next++;
        return value.Kind switch
        {
            ValueKind.Integer => (Scalar)value.Bits,
            ValueKind.Real => (Scalar)BitConverter.Int64BitsToDouble(value.Bits),
            ValueKind.Boolean => (Scalar)(value.Bits != 0),
            ValueKind.List => Uniform(Elements(ref next, value.Length)),
            ValueKind.Tuple => Tuple(Elements(ref next, value.Length)),
            _ => throw new NotSupportedException($"A result of kind {value.Kind}."),
        };
    }

    private static object[] Elements(ref Value* next, int count)
    {
        var elements = new object[count];
        for (int i = 0; i < count; i++)
            elements[i] = Object(ref next);
        return elements;
    }

    private static object Uniform(object[] elements) =>
        Array.TrueForAll(elements, e => e is Tensor) ? Array.ConvertAll(elements, e => (Tensor)e)
        : Array.TrueForAll(elements, e => e is Scalar) ? Array.ConvertAll(elements, e => (Scalar)e)
        : elements;

    private static object Tuple(object[] elements) => Uniform(elements) switch
    {
        Tensor[] { Length: 1 } t => t[0],
        Tensor[] { Length: 2 } t => (t[0], t[1]),
        Tensor[] { Length: 3 } t => (t[0], t[1], t[2]),
        Tensor[] { Length: 4 } t => (t[0], t[1], t[2], t[3]),
        Tensor[] { Length: 5 } t => (t[0], t[1], t[2], t[3], t[4]),
        Scalar[] { Length: 1 } s => s[0],
        Scalar[] { Length: 2 } s => (s[0], s[1]),
        Scalar[] { Length: 3 } s => (s[0], s[1], s[2]),
        var others => others,
    };
}
