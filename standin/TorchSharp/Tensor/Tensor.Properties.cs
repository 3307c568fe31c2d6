using System;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long[] shape
        {
            get
            {
                TensorDescription description = Describe();
                long[] sizes = new ReadOnlySpan<long>(description.Sizes, (int)description.Dimensions).ToArray();
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long ndim => Describe().Dimensions;

        public long Dimensions => ndim;

        public long NumberOfElements => Describe().Elements;

        public long ElementSize => Describe().ElementSize;

        public ScalarType dtype => (ScalarType)Describe().ScalarType;

        public DeviceType device_type => (DeviceType)Describe().DeviceType;

        public int device_index => Describe().DeviceIndex;

        public Device device
        {
            get
            {
                TensorDescription description = Describe();
                var type = (DeviceType)description.DeviceType;
                return type == DeviceType.CPU ? new Device(type) : new Device(type, description.DeviceIndex);
            }
        }

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_leaf => Describe().IsLeaf != 0;

        public bool requires_grad
        {
            get => Describe().RequiresGrad != 0;
            set
            {
                Shim.Check(Shim.ts_set_requires_grad(Handle, value ? (byte)1 : (byte)0));
                GC.KeepAlive(this);
            }
        }

        public Tensor grad
        {
            get
            {
                Shim.Check(Shim.ts_get_grad(Handle, out nint gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                Shim.Check(Shim.ts_set_grad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public long[] size() => shape;

        public long size(int dim) => shape[Wrapped(dim)];

        public long[] stride()
        {
            TensorDescription description = Describe();
            long[] strides = new ReadOnlySpan<long>(description.Strides, (int)description.Dimensions).ToArray();
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[Wrapped(dim)];

        public long dim() => ndim;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long storage_offset() => Describe().StorageOffset;

        public bool is_contiguous() => Describe().IsContiguous != 0;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Aten.Update("retain_grad", this);

        public override string ToString()
        {
            if (IsInvalid)
                return "[invalid]";
            string sizes = string.Join("x", shape);
            return $"[{sizes}], type = {dtype}, device = {device}";
        }

        private TensorDescription Describe()
        {
            Shim.Check(Shim.ts_describe(Handle, out TensorDescription description));
            GC.KeepAlive(this);
            return description;
        }

        private int Wrapped(int dim)
        {
            int dimensions = (int)ndim;
            if (dim < -dimensions || dim >= dimensions)
                throw new System.Runtime.InteropServices.ExternalException(
                    $"Dimension out of range (expected to be in range of [{-dimensions}, {dimensions - 1}], but got {dim})");
            return dim < 0 ? dim + dimensions : dim;
        }
    }
}
