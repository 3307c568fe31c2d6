using System;
using System.Collections.Generic;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>An operator's argument: the tagged value, and the managed object that must outlive the call.</summary>
internal readonly struct Argument
{
    public readonly object Owner;
    public readonly ValueKind Kind;
    private readonly long _bits;

    internal Argument(ValueKind kind, long bits, object owner = null)
    {
        Kind = kind;
        _bits = bits;
        Owner = owner;
    }

    /// <summary>What an optional argument is when it is not given.</summary>
    public static Argument None => default;

    public static implicit operator Argument(long value) => new(ValueKind.Integer, value);
    public static implicit operator Argument(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(bool value) => new(ValueKind.Boolean, value ? 1 : 0);
    public static implicit operator Argument(long? value) => value is long given ? given : None;
    public static implicit operator Argument(double? value) => value is double given ? given : None;
    public static implicit operator Argument(ScalarType value) => (long)value;
    public static implicit operator Argument(ScalarType? value) => value is ScalarType given ? given : None;

    public static implicit operator Argument(Scalar value) => value is null ? None : value.AsArgument();

    public static implicit operator Argument(Tensor value) => value is null ? None : new(ValueKind.Tensor, value.Handle, value);

    public static implicit operator Argument(Generator value) => value is null ? None : new(ValueKind.Generator, value.Handle, value);

    public static implicit operator Argument(Device value) => value is null ? None : new(ValueKind.Device, (uint)value.type | (long)value.index << 32);

    public static implicit operator Argument(string value) => value is null ? None : new(ValueKind.String, 0, Encoding.UTF8.GetBytes(value));

    public static implicit operator Argument(long[] values) => values is null ? None : new(ValueKind.Integers, 0, values);

    public static implicit operator Argument(double[] values) => values is null ? None : new(ValueKind.Reals, 0, values);

    public static implicit operator Argument(Tensor[] values) => values is null ? None : new(ValueKind.Tensors, 0, values);

    /// <summary>A list in which null stands for "not given", as an index that keeps a whole dimension.</summary>
    public static Argument Optional(Tensor[] values) => new(ValueKind.OptionalTensors, 0, values);

    /// <summary>How many 8-byte words the elements of a list take.</summary>
    public int Words => Owner switch
    {
        Array values when Kind == ValueKind.String => (values.Length + 7) / 8,
        Array values => values.Length,
        _ => 0,
    };

    /// <summary>The value for the shim. The elements of a list are copied to <paramref name="words"/>.</summary>
    public unsafe Value Lower(long* words)
    {
        int length = 0;
        switch (Owner)
        {
            case long[] values:
                length = values.Length;
                values.CopyTo(new Span<long>(words, length));
                break;
            case double[] values:
                length = values.Length;
                values.CopyTo(new Span<double>(words, length));
                break;
            case byte[] text:
                length = text.Length;
                text.CopyTo(new Span<byte>(words, length));
                break;
            case Tensor[] tensors:
                length = tensors.Length;
                for (int i = 0; i < length; i++)
                    words[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
                break;
            default:
                return new Value { Kind = Kind, Bits = _bits };
        }
        return new Value { Kind = Kind, Length = length, Bits = (long)words };
    }
}
