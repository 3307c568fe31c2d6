using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Samples.Demo;
using Microsoft.ML.Dcgan.Tool;

namespace Microsoft.ML.Dcgan.Tests.Samples;

[TestClass]
public class FashionMnistTests
{
    // Three pictures, two pixels high and three wide.
    private static readonly byte[] _file =
        [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(0, 18).Select(i => (byte)(i * 10))];

    private readonly string _folder = Directory.CreateTempSubdirectory("fashion-mnist").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Read_GivesGreyPictures_OfAPackedFileOrAnUnpackedOne(bool packed)
    {
        Write(_file, packed);

        MLImage[] pictures = FashionMnist.Read(_folder, 2).ToArray();

        Assert.HasCount(2, pictures);
        Assert.AreEqual((3, 2), (pictures[1].Width, pictures[1].Height));
        CollectionAssert.AreEqual(
            new byte[] { 60, 60, 60, 255, 70, 70, 70, 255, 80, 80, 80, 255, 90, 90, 90, 255, 100, 100, 100, 255, 110, 110, 110, 255 },
            pictures[1].Pixels.ToArray());
        foreach (MLImage picture in pictures)
            picture.Dispose();
    }

    [TestMethod]
    public void Read_GivesWhatThereIs_WhereMoreIsAskedFor()
    {
        Write(_file, packed: true);

        Assert.AreEqual(3, FashionMnist.Read(_folder, 100).Count());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(10)]
    [DataRow(30)]
    public void Read_NamesAFileThatIsCutOff(int length)
    {
        Write(_file[..length], packed: false);

        StringAssert.Contains(Assert.ThrowsExactly<UsageException>(() => FashionMnist.Read(_folder, 3).Count()).Message, "is cut off");
    }

    [TestMethod]
    public void Read_SaysWhatToDo_WhereThereIsNoFile() =>
        StringAssert.Contains(Assert.ThrowsExactly<UsageException>(() => FashionMnist.Read(_folder, 3).Count()).Message,
            "--fashion-mnist DIR");

    private void Write(byte[] bytes, bool packed)
    {
        string path = Path.Combine(_folder, "train-images-idx3-ubyte");
        using Stream stream = packed ? new GZipStream(File.Create(path + ".gz"), CompressionMode.Compress) : File.Create(path);
        stream.Write(bytes);
    }
}
