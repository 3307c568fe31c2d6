using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class ImageModelTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("image-model-");
    private readonly IDataView _paths;

    public ImageModelTests()
    {
        for (int i = 0; i < 6; i++)
        {
            using MLImage image = ImagePictures.Gradient(20 + 3 * i, 30 - 2 * i);
            image.Save(Path.Combine(_folder.FullName, $"{i}.png"));
        }
        _paths = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new ImageFile { Path = $"{i}.png" }));
    }

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void ASavedPipelineGivesTheSamePixels()
    {
        ITransformer model = Pipeline().Fit(_paths);
        IDataView again = SaveAndLoad(model).Transform(_paths);

        Assert.AreEqual("Image<6, 8>", again.Schema["Small"].Type.ToString());
        Assert.AreEqual("Image<6, 8>", again.Schema["Restored"].Type.ToString());
        Assert.AreEqual("Vector<Single, 6, 8, 2>", again.Schema["Pixels"].Type.ToString());
        AssertSame(ImagePictures.Vectors(model.Transform(_paths), "Pixels"), ImagePictures.Vectors(again, "Pixels"));
        AssertSame(Restored(model.Transform(_paths)), Restored(again));
    }

    [TestMethod]
    public void EveryTransformerComesBackAsItself()
    {
        var model = (IEnumerable<ITransformer>)Pipeline().Fit(_paths);
        DataViewSchema schema = _paths.Schema;
        foreach (ITransformer transformer in model)
        {
            ITransformer again = SaveAndLoad(transformer, schema);
            Assert.AreEqual(transformer.GetType(), again.GetType());
            schema = again.GetOutputSchema(schema);
        }
        Assert.AreEqual("Image<6, 8>", schema["Restored"].Type.ToString());
    }

    [TestMethod]
    public void ParallelCursorsReadTheSameImages()
    {
        IDataView many = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i => new ImageFile { Path = $"{i % 6}.png" }));
        ITransformer model = Pipeline().Fit(many);

        float[][] pixels = model.Transform(many).GetColumn<float[]>("Pixels").ToArray();
        float[][] expected = ImagePictures.Vectors(model.Transform(_paths), "Pixels");
        Assert.HasCount(300, pixels);
        for (int i = 0; i < pixels.Length; i++)
            CollectionAssert.AreEqual(expected[i % 6], pixels[i]);
    }

    [TestMethod]
    public void AnEngineReadsOneImage()
    {
        ITransformer model = Pipeline().Fit(_paths);
        using var engine = _ml.Model.CreatePredictionEngine<ImageFile, Result>(model);

        float[][] expected = ImagePictures.Vectors(model.Transform(_paths), "Pixels");
        CollectionAssert.AreEqual(expected[4], engine.Predict(new ImageFile { Path = "4.png" }).Pixels);
        Result result = engine.Predict(new ImageFile { Path = "2.png" });
        CollectionAssert.AreEqual(expected[2], result.Pixels);
        Assert.AreEqual((8, 6), (result.Restored!.Width, result.Restored.Height));
    }

    private EstimatorChain<VectorToImageConvertingTransformer> Pipeline() => _ml.Transforms.LoadImages("Image", _folder.FullName, "Path")
        .Append(_ml.Transforms.ResizeImages("Small", 8, 6, "Image", ImageResizingEstimator.ResizingKind.IsoPad))
        .Append(_ml.Transforms.ConvertToGrayscale("Small"))
        .Append(_ml.Transforms.ExtractPixels("Pixels", "Small", ColorBits.Red | ColorBits.Alpha, ColorsOrder.ABGR, true, 127.5f, 1 / 127.5f))
        .Append(_ml.Transforms.ConvertToImage(6, 8, "Restored", "Pixels", ColorBits.Red | ColorBits.Alpha, ColorsOrder.ABGR, true, 127.5f, -127.5f));

    private static float[][] Restored(IDataView data)
        => ImagePictures.Read(data, "Restored", (MLImage image) => image.Pixels.ToArray().Select(value => (float)value).ToArray());

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i]);
    }

    private ITransformer SaveAndLoad(ITransformer model, DataViewSchema? schema = null)
    {
        var file = new MemoryStream();
        _ml.Model.Save(model, schema ?? _paths.Schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    private sealed class ImageFile
    {
        public string Path { get; set; } = "";
    }

    private sealed class Result
    {
        public float[] Pixels { get; set; } = [];

        [ImageType(6, 8)]
        public MLImage? Restored { get; set; }
    }
}
