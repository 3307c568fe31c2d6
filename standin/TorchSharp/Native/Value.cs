using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>A tagged value as the shim sees it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    public ValueKind Kind;
    public int Length;
    public long Bits;
}
