using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>Writes matrices as NumPy reads them: format version 1.0.</summary>
internal static class NumPyFile
{
    private const int Alignment = 64;
    private const int Preamble = 10; // the magic string, the version, the header's length

    public static void Write(string path, IEnumerable<float[]> rows)
    {
        List<float[]> all = rows.ToList();
        using FileStream stream = File.Create(path);
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({all.Count}, {all[0].Length}), }}";
        int length = (Preamble + header.Length + 1 + Alignment - 1) / Alignment * Alignment - Preamble;
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        foreach (float[] row in all)
            stream.Write(MemoryMarshal.AsBytes(row.AsSpan()));
    }
}
