using System;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number or a truth value. libtorch keeps it as a 64-bit integer, a double or a boolean, and so does this.</summary>
public sealed class Scalar : IDisposable
{
    private readonly torch.ScalarType _type;
    private readonly long _bits;
    private bool _disposed;

    private Scalar(torch.ScalarType type, long bits)
    {
        _type = type;
        _bits = bits;
    }

    public torch.ScalarType Type
    {
        get
        {
            ThrowIfDisposed();
            return _type;
        }
    }

    internal bool Truth => Real != 0;

    internal double Real => Type == torch.ScalarType.Float64 ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    internal long Integer => Type == torch.ScalarType.Float64 ? checked((long)Real) : _bits;

    public static implicit operator Scalar(byte value) => (long)value;
    public static implicit operator Scalar(sbyte value) => (long)value;
    public static implicit operator Scalar(short value) => (long)value;
    public static implicit operator Scalar(int value) => (long)value;
    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value);
    public static implicit operator Scalar(float value) => (double)value;
    public static implicit operator Scalar(double value) => new(torch.ScalarType.Float64, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1 : 0);

    public void Dispose() => _disposed = true;

    internal Argument AsArgument() => new(
        Type switch
        {
            torch.ScalarType.Float64 => ValueKind.Real,
            torch.ScalarType.Bool => ValueKind.Boolean,
            _ => ValueKind.Integer,
        },
        _bits);

    private void ThrowIfDisposed()
    {
        if (_disposed)
            throw new InvalidOperationException("Scalar invalid -- empty handle.");
    }
}
