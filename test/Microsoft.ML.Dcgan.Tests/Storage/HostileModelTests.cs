using System.Text;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Tests.Storage;

/// <summary>Model zips made to do harm: each is refused with a clear error, in under a second and under 100 MB.</summary>
[TestClass]
public sealed class HostileModelTests
{
    private const long MostMemory = 100 << 20;
    private static byte[] _good = [];

    [ClassInitialize]
    public static void MakeModel(TestContext _)
    {
        var ml = new MLContext(seed: 1);
        using DcganTransformer gan = Pictures.SmallModel(ml);
        _good = ModelFile.Saved(gan, gan.SampleNoise(1));
        ((IDisposable)ModelFile.Load(_good)).Dispose();
    }

    [TestMethod]
    public void Descriptions_that_swell()
    {
        // ML.NET takes what it reads of a zip into memory, so this comes without one.
        Measured(() => StringAssert.Contains(
            Assert.Throws<FormatException>(() => ModelArchive.Part((_, read) => Given(read, new Endless((byte)' ')),
                ModelArchive.DescriptionName, ModelDescription.Read)).Message,
                "is larger than"));
        Refused(With("dcgan.json", Repeated("[", 8 << 20)), "damaged");
        Refused(With("dcgan.json", Repeated("{\"a\":", 1 << 20)), "damaged");
        Refused(With("dcgan.json", [.. "{\"formatVersion\":1,\"x\":["u8, .. Repeated("0,", 8 << 20)]), "damaged");
    }

    [TestMethod]
    public void Weights_that_swell()
    {
        Refused(With("generator.safetensors", [.. BitConverter.GetBytes(1L << 20), .. Repeated(" ", 70 << 20)]), "damaged");
        Refused(With("generator.safetensors", Header("""{"a":{"dtype":"F32","shape":[50000,50000],"data_offsets":[0,10000000000]}}""")), "holds 2500000000 numbers");
        Refused(With("generator.safetensors", Header("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}}""")), "damaged");
        Refused(With("generator.safetensors", Header("{" + new string('[', 1_000_000))), "damaged");
        Refused(With("generator.safetensors", BitConverter.GetBytes(10_000_000_000L)), "declares a header of 10000000000 bytes");
    }

    [TestMethod]
    public void Entries_that_declare_gigabytes()
    {
        // The size in the zip's directory, of whatever entry it is.
        for (int at = 0; (at = Next(_good, "PK\x01\x02"u8, at)) >= 0; at++)
        {
            byte[] file = [.. _good];
            BitConverter.GetBytes(0xFFFFFF00).CopyTo(file, at + 24);
            Measured(() => Load(file));
        }
    }

    private static void Refused(byte[] model, params string[] messages) => Measured(() => ModelFile.Refused(model, messages));

    private static void Load(byte[] model)
    {
        try
        {
            ((IDisposable)ModelFile.Load(model)).Dispose();
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException or InvalidOperationException)
        {
            // Refused, which is as well.
        }
    }

    private static void Measured(Action load)
    {
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes(precise: true), used = Environment.WorkingSet;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        load();
        Assert.IsLessThan(TimeSpan.FromSeconds(1), Environment.CpuUsage.TotalTime - start);
        Assert.IsLessThan(MostMemory, GC.GetTotalAllocatedBytes(precise: true) - allocated, "allocated");
        Assert.IsLessThan(MostMemory, Environment.WorkingSet - used, "used");
    }

    private static byte[] With(string name, byte[] content) => ModelFile.Changed(_good, name, _ => content);

    private static byte[] Header(string json) => [.. BitConverter.GetBytes((long)json.Length), .. Encoding.UTF8.GetBytes(json)];

    private static bool Given(Action<Stream> read, Stream stream)
    {
        read(stream);
        return true;
    }

    private static byte[] Repeated(string text, int length)
    {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)text[i % text.Length];
        return bytes;
    }

    private static int Next(byte[] bytes, ReadOnlySpan<byte> pattern, int start)
    {
        int found = bytes.AsSpan(start).IndexOf(pattern);
        return found < 0 ? -1 : start + found;
    }

    /// <summary>What a few bytes may unpack to.</summary>
    private sealed class Endless(byte value) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill(value);
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
