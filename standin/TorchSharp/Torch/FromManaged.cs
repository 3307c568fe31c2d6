using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Bool, device, requires_grad);
    public static Tensor tensor(byte scalar, Device device = null, bool requires_grad = false) => full([], scalar, ScalarType.Byte, device, requires_grad);
    public static Tensor tensor(int scalar, Device device = null, bool requires_grad = false) => full([], scalar, ScalarType.Int32, device, requires_grad);
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Int64, device, requires_grad);
    public static Tensor tensor(float scalar, Device device = null, bool requires_grad = false) => full([], scalar, ScalarType.Float32, device, requires_grad);
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device device = null, bool requires_grad = false) => full([], scalar, dtype ?? ScalarType.Float64, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(dataArray, [dataArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(dataArray, dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(float[,] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, [rawArray.GetLength(0), rawArray.GetLength(1)], dtype, device, requires_grad, names);

    public static Tensor tensor(IList<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray.ToArray(), dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray, dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(Memory<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray.ToArray(), dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(Memory<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copied(rawArray.ToArray(), dimensions, dtype, device, requires_grad, names);

    /// <summary>Shares the array's memory unless the type or the device makes it copy.</summary>
    public static Tensor from_array(Array rawArray, Device device = null) => from_array(rawArray, null, device ?? CPU);

    /// <summary>Shares the array's memory unless the type or the device makes it copy.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device device = null, bool requires_grad = false, string[] names = null)
    {
        var shape = new long[rawArray.Rank];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = rawArray.GetLength(i);
        return Shared(rawArray, 0, shape, dtype, device, requires_grad, names);
    }

    /// <summary>Shares the memory of a part of the array, in one dimension.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (offset < 0 || offset >= rawArray.LongLength)
            throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0)
            count = rawArray.LongLength - offset;
        if (count > rawArray.LongLength - offset)
            throw new IndexOutOfRangeException($"element count is too large: {count}");
        return Shared(rawArray, offset, [count], dtype, CPU, requires_grad, null);
    }

    private static Tensor Copied(Array array, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        long elements = 1;
        foreach (long size in dimensions)
            elements *= size;
        if (elements > array.LongLength)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {elements} vs. {array.LongLength}");

        ScalarType type = TypeOf(array);
        Tensor created = empty(dimensions, type);
        fixed (byte* source = &MemoryMarshal.GetArrayDataReference(array))
            Buffer.MemoryCopy(source, created.Data(), elements * type.ElementSize(), elements * type.ElementSize());
        return Finish(Converted(created, dtype, device), requires_grad, names);
    }

    private static Tensor Shared(Array array, long offset, long[] shape, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        ScalarType type = TypeOf(array);
        GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        fixed (long* sizes = shape)
        {
            var data = (byte*)pin.AddrOfPinnedObject() + offset * type.ElementSize();
            Shim.Check(Shim.ts_wrap(data, sizes, shape.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin), out nint handle));
            return Finish(Converted(new Tensor(handle), dtype, device), requires_grad, names);
        }
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();

    private static Tensor Converted(Tensor created, ScalarType? dtype, Device device)
    {
        device = InitializeDevice(device);
        dtype ??= created.dtype;
        return created.ToWillCopy(dtype.Value, device) ? created.to(dtype.Value, device, disposeAfter: true) : created;
    }

    private static ScalarType TypeOf(Array array) => array.GetType().GetElementType() switch
    {
        Type t when t == typeof(byte) => ScalarType.Byte,
        Type t when t == typeof(sbyte) => ScalarType.Int8,
        Type t when t == typeof(short) => ScalarType.Int16,
        Type t when t == typeof(int) => ScalarType.Int32,
        Type t when t == typeof(long) => ScalarType.Int64,
        Type t when t == typeof(bool) => ScalarType.Bool,
        Type t when t == typeof(Half) => ScalarType.Float16,
        Type t when t == typeof(float) => ScalarType.Float32,
        Type t when t == typeof(double) => ScalarType.Float64,
        Type t => throw new NotSupportedException($"The type {t.FullName} is not supported."),
    };
}
