using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class FiledImagesTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void A_set_in_a_file_trains_to_the_same_bits_as_one_in_memory()
    {
        byte[] inMemory = Train(cacheFolder: null);
        byte[] inFile = Train(_folder.FullName);
        CollectionAssert.AreEqual(inMemory, inFile);
        Assert.IsEmpty(_folder.GetFiles(), "the file goes with the training");

        byte[] Train(string? cacheFolder)
        {
            DcganEstimator.Options options = Pictures.SmallOptions(epochs: 4);
            options.CacheFolder = cacheFolder;
            using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 11, 16, 12, 3));
            return gan.Generate(4, seed: 1).SelectMany(image => image.Pixels.ToArray()).ToArray();
        }
    }

    [TestMethod]
    public void Slots_filled_in_any_order_give_the_images_in_theirs()
    {
        using var scope = NewDisposeScope();
        using var images = new FileDataset(4, (1, 8, 8), _folder.FullName);
        byte[][] pictures = Enumerable.Range(0, 4).Select(i => Pictures.Bytes(i, 8, 8, 1)).ToArray();
        var slots = new long[4];
        foreach (int i in new[] { 2, 0, 3, 1 })
            slots[i] = images.Add(pictures[i]);
        images.Complete(slots);

        Tensor gathered = images.Gather(tensor(new long[] { 3, 0, 0 }));

        CollectionAssert.AreEqual(new long[] { 3, 8, 8, 1 }, gathered.shape);
        CollectionAssert.AreEqual(new[] { 3, 0, 0 }.SelectMany(i => pictures[i]).ToArray(), gathered.bytes.ToArray());
    }

    [TestMethod]
    public void A_folder_that_cannot_take_the_file_is_named()
    {
        string missing = Path.Combine(_folder.FullName, "missing");
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => new FileDataset(4, (1, 8, 8), missing));
        StringAssert.Contains(failure.Message, "a file of 256 bytes, which cannot be made at '" + missing);
        StringAssert.Contains(failure.Message, "option CacheFolder");
    }

    [TestMethod]
    public void More_images_than_were_counted_are_refused()
    {
        using var images = new FileDataset(1, (1, 8, 8), _folder.FullName);
        images.Add(new byte[64]);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => images.Add(new byte[64])).Message, "more rows than the 1");
    }
}
