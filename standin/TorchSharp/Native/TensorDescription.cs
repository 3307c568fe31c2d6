using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>What libtorch knows of a tensor without looking at its data; mirrored by native/torch/tensor.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorDescription
{
    public long* Sizes;
    public long* Strides;
    public long Dimensions;
    public long Elements;
    public long ElementSize;
    public long StorageOffset;
    public int ScalarType;
    public int DeviceType;
    public int DeviceIndex;
    public byte RequiresGrad;
    public byte IsLeaf;
    public byte IsContiguous;
}
