using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>Matrices of float32 as NumPy reads and writes them: format version 1.0.</summary>
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

    public static float[][] Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = Preamble + (bytes[Preamble - 2] | (bytes[Preamble - 1] << 8));
        string header = Encoding.ASCII.GetString(bytes, Preamble, start - Preamble);
        Match shape = Regex.Match(header, @"'shape': \(\d+, (\d+)\)");
        return header.Contains("'<f4'") && header.Contains("'fortran_order': False") && shape.Success
            ? MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray()
                .Chunk(int.Parse(shape.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray()
            : throw new InvalidDataException($"{path} holds {header.Trim()}, not rows of float32.");
    }
}
