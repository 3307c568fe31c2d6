using System;
using System.IO;
using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the processor. It must not outlive the tensor.</summary>
        public Span<byte> bytes
        {
            get => new(ContiguousData(out long size), checked((int)size));
            set
            {
                void* data = ContiguousData(out long size);
                if (size != value.Length)
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>(data, value.Length));
            }
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        /// <summary>Takes over the storage, shape and strides of another tensor, and shares them from now on.</summary>
        public Tensor set_(Tensor source) => Aten.Update("set_.source_Tensor", this, source);

        public Scalar ToScalar() => Aten.CallScalar("item", this);

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var data = (byte*)ContiguousData(out long size);
            for (long done = 0; done < size; done += int.MaxValue)
                stream.Write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(int.MaxValue, size - done)));
            GC.KeepAlive(this);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var data = (byte*)ContiguousData(out long size);
            for (long done = 0; done < size; done += int.MaxValue)
                stream.ReadExactly(new Span<byte>(data + done, (int)Math.Min(int.MaxValue, size - done)));
            GC.KeepAlive(this);
        }

        internal void* Data()
        {
            Shim.Check(Shim.ts_data(Handle, out void* data));
            return data;
        }

        private void* ContiguousData(out long size)
        {
            TensorDescription description = Describe();
            if (description.IsContiguous == 0)
                throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if ((DeviceType)description.DeviceType != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            size = description.Elements * description.ElementSize;
            return Data();
        }

        private void ValidateType(Type type)
        {
            Type expected = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Bool => typeof(bool),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType other => throw new ArgumentException($"No support for {other} in TorchSharp"),
            };
            if (type != expected)
                throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }
    }
}
