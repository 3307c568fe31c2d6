using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.Dcgan.Tests.Interop;

/// <summary>Files made to do harm: each is refused with a clear error, in under a second and under 100 MB.</summary>
[TestClass]
public sealed class HostileFileTests
{
    private const long MostMemory = 100 << 20;
    private static readonly MLContext _ml = new(seed: 1);
    private static readonly byte[] _good = File.ReadAllBytes(Folder.Reference("netG.pth"));

    [ClassInitialize]
    public static void WarmUp(TestContext _) => _ml.Model.ImportDcgan(Folder.Reference("netG.pth")).Dispose();

    [TestMethod]
    [DataRow("cposix\nsystem\nX\u0009\0\0\0touch pwn\u0085R.", "asks for 'posix.system'", "nothing of it was run")]
    [DataRow("cbuiltins\nexec\n.", "asks for 'builtins.exec'")]
    [DataRow("ctorch._utils\n_rebuild_device_tensor_from_numpy\n.", "asks for 'torch._utils._rebuild_device_tensor_from_numpy'")]
    [DataRow("ccollections\nOrderedDict\n(}tR.", "calls 'collections.OrderedDict' with arguments that do not fit")]
    [DataRow("(iposix\nsystem\n.", "instruction 0x69")]
    [DataRow("ccollections\nOrderedDict\n)\u0081.", "instruction 0x81")]
    [DataRow("\u0095\0\0\0\0\0\0\0\u007f.", "instruction 0x95")]
    [DataRow("X\u00ff\u00ff\u00ff\u00ffabc", "ends within an instruction")]
    [DataRow("\u008a\u00ffabc", "ends within an instruction")]
    [DataRow("\u008a\u0009123456789.", "has an integer of 9 bytes, but at most 8 are expected")]
    [DataRow("\u0080\u0004.", "is of pickle protocol 4, but PyTorch's 2 is expected")]
    [DataRow("cposix.", "has a name of more than 200 bytes")]
    [DataRow("h\0.", "recalls item 0, which it has not stored")]
    [DataRow("j\u00ff\u00ff\u00ff\u00ff.", "recalls item 4294967295")]
    [DataRow("R.", "empty stack")]
    [DataRow("t.", "closes what it has not opened")]
    [DataRow("NK\u0001K\u0002s.", "sets items of something that is no dictionary")]
    [DataRow("N}b.", "sets attributes of something that is no dictionary")]
    [DataRow("}Q.", "refers to a storage in an unknown way")]
    [DataRow("}", "ends within an instruction")]
    [DataRow("K\u0001.", "holds an integer, but a state dictionary is expected")]
    [DataRow("}(X\u0005\0\0\0epochK\u0007u.", "holds an integer under 'epoch', but tensors are expected")]
    [DataRow("}q\0X\u0001\0\0\0ah\0s.", "holds a dictionary under 'a'")]
    [DataRow("}K\u0001Ns.", "holds None under 'an integer'")]
    public void Pickles_that_are_no_weights(string pickle, params string[] messages) =>
        Refused(WithPickle("\u0080\u0002" + pickle), messages);

    [TestMethod]
    public void Pickles_that_never_end()
    {
        Refused(WithPickle("\u0080\u0002)" + new string('\u0085', 250_000) + "."), "holds a tuple");
        Refused(WithPickle("\u0080\u0002" + new string('(', 250_000)), "ends within an instruction");
        Refused(WithPickle("\u0080\u0002" + new string('}', 250_000) + "."), "has no 'main.1.running_mean'");
        Refused(WithPickle("\u0080\u0002)" + string.Concat(Enumerable.Repeat("q\0h\0\u0086", 40_000)) + "."), "holds a tuple");
        Refused(WithPickle(new string(')', 300_000)), "has 'archive/data.pkl' of 300000 bytes, but at most 262144 are expected");
    }

    [TestMethod]
    public void Tensors_that_are_not_there()
    {
        Refused(WithTensor([50_000, 50_000], [50_000, 1], 4), "reaches beyond its 4 numbers");
        Refused(WithTensor([50_000, 50_000], [0, 0], 4), "uses numbers more than once");
        Refused(WithTensor([long.MaxValue, long.MaxValue], [1, 1], 4), "of more numbers than there can be");
        Refused(WithTensor([1L << 62], [0], 4), "uses numbers more than once");
        Refused(WithTensor([long.MaxValue, 4], [0, 0], 4), "of more numbers than there can be");
        Refused(WithTensor([4], [1], 2_500_000_000), "is to be among 2500000000 numbers, but there are 16 bytes");
        Refused(WithTensor([2], [3], 4, offset: 1), "reaches beyond");
        Refused(WithTensor([-4], [1], 4), "arguments that do not fit");
        Refused(WithTensor([4], [1], 4, storage: "7"), "in the entry 'archive/data/7', which is missing");
        Refused(WithTensor([4], [1], 4, type: "CharStorage"), "asks for 'torch.CharStorage'");
        // As a file of the example, but that it claims to be very wide.
        Refused(WithTensor([4], [1], 4), "has no 'main.1.running_mean'");
    }

    [TestMethod]
    public void Archives_that_are_not_what_they_say()
    {
        Refused(Zip(("../../etc/passwd", [1]), ("archive/data.pkl", [1])),
            "an entry named '../../etc/passwd', which points out of the archive");
        Refused(Zip(("/etc/passwd", [1])), "points out of the archive");
        Refused(Zip(("archive\\..\\x", [1])), "points out of the archive");
        Refused(Zip(("archive/data.pkl", [1]), ("archive/data.pkl", [2])), "two entries named 'archive/data.pkl'");
        Refused(Zip(("archive/other", [1])), "without a 'data.pkl'");
        Refused(Zip(Enumerable.Range(0, 30_000).Select(i => ($"archive/{i}", Array.Empty<byte>())).ToArray()), "More is to be read of it");
        Refused(Zip(("archive/data.pkl", ".\0"u8.ToArray()), ("archive/byteorder", "big"u8.ToArray())), "byte order 'big'");
    }

    [TestMethod]
    public void Archives_that_unpack_to_more_than_is_needed()
    {
        Refused(Zip(CompressionLevel.Optimal, ("archive/data.pkl", new byte[50 << 20])),
            "'archive/data.pkl' of 52428800 bytes, but at most 262144");
        byte[] pickle = Encoding.Latin1.GetBytes(Pickle([4], [1], 25 << 20));
        byte[] zeros = Zip(CompressionLevel.Optimal, ("archive/data.pkl", pickle), ("archive/data/0", new byte[100 << 20]));
        Refused(zeros, "is compressed among 26214400 numbers, of which 4 are used");
        // All of them, but of no such network.
        pickle = Encoding.Latin1.GetBytes(Pickle([25 << 20], [1], 25 << 20));
        Refused(Zip(CompressionLevel.Optimal, ("archive/data.pkl", pickle), ("archive/data/0", new byte[100 << 20])),
            "has no 'main.1.running_mean'");
        // It unpacks to more than its directory says.
        byte[] lies = Zip(CompressionLevel.Optimal, ("archive/data.pkl", new byte[50 << 20]));
        BitConverter.GetBytes(1000).CopyTo(lies, lies.AsSpan().LastIndexOf("PK\x01\x02"u8) + 24);
        Refused(lies, "damaged");
        // And to less.
        lies = Zip(CompressionLevel.Optimal, ("archive/data.pkl", pickle));
        BitConverter.GetBytes(200_000).CopyTo(lies, lies.AsSpan().LastIndexOf("PK\x01\x02"u8) + 24);
        Refused(lies, "of 200000 bytes: the file is truncated");
    }

    [TestMethod]
    public void Archives_that_declare_too_much()
    {
        int directory = _good.AsSpan().LastIndexOf("PK\x01\x02"u8), pickle = _good.AsSpan().IndexOf("PK\x01\x02"u8);
        Refused(Changed(directory + 24, 0xFFFFFF00, directory + 20, 0xFFFFFF00), "of 4294967040 bytes, but is itself of");
        Refused(Changed(pickle + 42, 0xFFFFFF00), "damaged or truncated");
        int end = _good.AsSpan().LastIndexOf("PK\x05\x06"u8);
        Refused(Changed(end + 8, 0x00010001), "damaged or truncated");
        Refused(Changed(end + 16, 0xFFFFFFF0), "damaged or truncated");
        Refused(Changed(end + 16, 0), "damaged or truncated");
        Refused(Changed(_good.AsSpan().IndexOf("FloatStorage"u8), 0x58585858), "wrong checksum");
        for (int length = 0; length < _good.Length; length += 997)
            Refused(_good[..length]);
    }

    [TestMethod]
    public void Safetensors_that_are_not_what_they_say()
    {
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[50000,50000],"data_offsets":[0,10000000000]}}"""), "declares 10000000000 bytes of weights");
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[9000000000000000000,9000000000000000000],"data_offsets":[0,4]}}"""), "damaged");
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[4.5],"data_offsets":[0,4]}}"""), "damaged");
        Refused(Tensors("""{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}}"""), "holds 'a' as I8");
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""), "places 'b' at byte 0");
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"""), "holds 'a' twice");
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""), "has no 'main.1.running_mean'");
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"""), "gives 'a' the shape [2] and the bytes 0 to 4");
        Refused(Tensors("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[]}}"""), "gives 'a' the shape [1] and the bytes ");
        Refused(Tensors("""{"main.0.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"main.0.weight_orig":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"""),
            "holds two tensors that mean the same layer");
        Refused(Tensors("{" + string.Concat(Enumerable.Repeat("\"a\":{", 100_000))), "damaged");
        Refused(Tensors("{" + new string('[', 1_000_000)), "damaged");
        Refused([.. BitConverter.GetBytes(10_000_000_000L), .. "{}"u8], "declares a header of 10000000000 bytes");
        Refused([.. BitConverter.GetBytes(1_000_000L), .. "{}"u8], "truncated");
        Refused([], "neither a state dictionary");
    }

    private static void Refused(byte[] file, params string[] messages)
    {
        using var folder = new Folder();
        File.WriteAllBytes(folder["hostile"], file);
        long allocated = GC.GetTotalAllocatedBytes(precise: true), used = Environment.WorkingSet;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        string failure = Assert.Throws<FormatException>(() => _ml.Model.ImportDcgan(folder["hostile"])).Message;
        TimeSpan elapsed = Environment.CpuUsage.TotalTime - start;
        foreach (string message in messages)
            StringAssert.Contains(failure, message);
        StringAssert.Contains(failure, "hostile");
        Assert.IsLessThan(TimeSpan.FromSeconds(1), elapsed, failure);
        Assert.IsLessThan(MostMemory, GC.GetTotalAllocatedBytes(precise: true) - allocated, failure);
        Assert.IsLessThan(MostMemory, Environment.WorkingSet - used, failure);
        Assert.HasCount(1, folder.Files);
    }

    // Characters are bytes.
    private static byte[] WithPickle(string pickle) =>
        Zip(("archive/data.pkl", Encoding.Latin1.GetBytes(pickle)), ("archive/version", "3\n"u8.ToArray()),
        ("archive/data/0", new byte[16]));

    private static byte[] WithTensor(
        long[] shape, long[] strides, long count, long offset = 0, string storage = "0", string type = "FloatStorage") =>
        WithPickle(Pickle(shape, strides, count, offset, storage, type));

    private static string Pickle(
        long[] shape, long[] strides, long count, long offset = 0, string storage = "0", string type = "FloatStorage") => (
        "\u0080\u0002}" + Text("main.0.weight") + "ctorch._utils\n_rebuild_tensor_v2\n((" + Text("storage") + $"ctorch\n{type}\n" +
            Text(storage) + Text("cpu")
        + Integer(count) + "tQ" + Integer(offset) + Tuple(shape) + Tuple(strides) + "\u0089NtRs.");

    private static string Text(string text) => "X" + (char)text.Length + "\0\0\0" + text;

    private static string Integer(long value) => "\u008a\u0008" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));

    private static string Tuple(long[] values) => "(" + string.Concat(values.Select(Integer)) + "t";

    private static byte[] Tensors(string header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[16]];
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries) => Zip(CompressionLevel.NoCompression, entries);

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }
        return file.ToArray();
    }

    private static byte[] Changed(params IReadOnlyList<long> placesAndValues)
    {
        byte[] file = [.. _good];
        for (int i = 0; i < placesAndValues.Count; i += 2)
            BitConverter.GetBytes((uint)placesAndValues[i + 1]).CopyTo(file, placesAndValues[i]);
        return file;
    }
}
