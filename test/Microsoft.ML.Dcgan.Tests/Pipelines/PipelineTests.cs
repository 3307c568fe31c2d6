using Microsoft.ML.Data;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

[TestClass]
public sealed class PipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_readmes_pipeline_runs_on_files_and_after_reloading()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string[] files = Pictures.Files(folder, 6, 20, 16);
            IDataView images = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
            var pipeline = _ml.Transforms.LoadImages("Image", imageFolder: null, "Path")
                .Append(_ml.Transforms.ResizeImages("Image", imageWidth: 12, imageHeight: 16))
                .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
                .Append(_ml.Transforms.Dcgan("Generated", noiseColumnName: "Noise", imageColumnName: "Pixels", epochs: 1, batchSize: 4,
                    noiseSize: 6, featureMaps: 4));

            TransformerChain<DcganTransformer> chain = pipeline.Fit(images);
            using DcganTransformer gan = chain.LastTransformer;
            IDataView noise = gan.SampleNoise(count: 5, seed: 7);
            byte[][] generated = Generated(gan.Transform(noise));
            string model = Path.Combine(folder, "faces.zip");
            _ml.Model.Save(gan, noise.Schema, model);

            Assert.HasCount(5, generated);
            using var again = (DcganTransformer)new MLContext().Model.Load(model, out DataViewSchema schema);
            Assert.AreEqual("Vector<Single, 6>", schema["Noise"].Type.ToString());
            CheckSame(generated, Generated(again.Transform(again.SampleNoise(5, 7))));

            // The chain still applies to what it was fitted on, though that has no noise.
            Assert.HasCount(6, Generated(chain.Transform(images)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void An_image_column_trains_as_well_as_its_pixels()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string[] files = Pictures.Files(folder, 6, 16, 16);
            IDataView images = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
            IDataView loaded = _ml.Transforms.LoadImages("Image", null, "Path").Append(_ml.Transforms.ResizeImages("Image", 16, 16))
                .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 127.5f, scaleImage: 1 / 127.5f)).Fit(images)
                    .Transform(images);
            DcganEstimator.Options options = Pictures.SmallOptions();
            using DcganTransformer ofPixels = _ml.Transforms.Dcgan(options).Fit(loaded);
            options.ImageColumnName = "Image";
            using DcganTransformer ofImages = _ml.Transforms.Dcgan(options).Fit(loaded);

            CheckSame(Generated(ofPixels, 4), Generated(ofImages, 4));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Transformers_may_come_before_and_after()
    {
        var chain = _ml.Transforms.CopyColumns("Picture", "Pixels")
            .Append(_ml.Transforms.Dcgan(new DcganEstimator.Options
            {
                OutputColumnName = "Generated",
                ImageColumnName = "Picture",
                Epochs = 1,
                BatchSize = 4,
                NoiseSize = 6,
                GeneratorFeatureMaps = 4,
                DiscriminatorFeatureMaps = 4,
                ImageHeight = 16,
                ImageWidth = 12,
            }))
            .Append(_ml.Transforms.ExtractPixels("Numbers", "Generated", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
            .Append(_ml.Transforms.CopyColumns("Same", "Numbers"))
            .Append(_ml.Transforms.SelectColumns("Same", "Number"));
        IDataView view = Pictures.View(_ml, 8, 16, 12, 3);

        using var model = chain.Fit(view);
        IDataView output = model.Transform(view);

        CollectionAssert.AreEquivalent(new[] { "Same", "Number" }, output.Schema.Select(column => column.Name).ToArray());
        float[][] numbers = output.GetColumn<float[]>("Same").ToArray();
        Assert.HasCount(8, numbers);
        Assert.IsTrue(numbers.All(row => row.Length == 3 * 16 * 12 && row.All(value => Math.Abs(value) <= 1.0001f)));
        Assert.AreEqual(8, numbers.Select(row => string.Join(",", row)).Distinct().Count(), "each row has its own picture");
        CollectionAssert.AreEqual(Enumerable.Range(0, 8).ToArray(), output.GetColumn<int>("Number").ToArray());

        string path = Path.GetTempFileName();
        try
        {
            _ml.Model.Save(model, view.Schema, path);
            ITransformer again = new MLContext().Model.Load(path, out _);
            float[][] reloaded = again.Transform(view).GetColumn<float[]>("Same").ToArray();
            for (int i = 0; i < 8; i++)
                CollectionAssert.AreEqual(numbers[i], reloaded[i]);
            (again as IDisposable)?.Dispose();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void The_schemas_say_what_comes_out()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        DataViewSchema schema = gan.GetOutputSchema(gan.SampleNoise(1).Schema);
        Assert.AreEqual("Image<16, 12>", schema["Generated"].Type.ToString());
        Assert.AreEqual("Vector<Single, 6>", schema["Noise"].Type.ToString());
        Assert.AreEqual((16, 12, 3, 6), (gan.ImageHeight, gan.ImageWidth, gan.Channels, gan.NoiseSize));

        var estimator = _ml.Transforms.CopyColumns("Picture", "Pixels").Append(_ml.Transforms.Dcgan(Pictures.SmallOptions()))
            .Append(_ml.Transforms.ConvertToGrayscale("Grey", "Generated"));
        using var chain = estimator.Fit(Pictures.View(_ml, 4, 8, 8, 1));
        Assert.AreEqual("Image<8, 8>", chain.GetOutputSchema(Pictures.View(_ml, 1, 8, 8, 1).Schema)["Grey"].Type.ToString());
    }

    [TestMethod]
    public void A_missing_or_damaged_file_is_named()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string[] files = Pictures.Files(folder, 2, 8, 8);
            string missing = Path.Combine(folder, "missing.png"), damaged = Path.Combine(folder, "damaged.png");
            File.WriteAllText(damaged, "This is no picture.");
            Refused($"Column 'Image', row 1, Path '{missing}': ", files[0], missing);
            Refused($"Column 'Image', row 1, Path '{damaged}': ", files[0], damaged);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Refused(string message, params string[] paths) =>
            StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Fit(paths)).Message, message);

        void Fit(string[] paths) => _ml.Transforms.LoadImages("Image", null, "Path")
            .Append(_ml.Transforms.ResizeImages("Image", 8, 8))
            .Append(_ml.Transforms.Dcgan("Generated", imageColumnName: "Image", epochs: 1, featureMaps: 2))
            .Fit(_ml.Data.LoadFromEnumerable(paths.Select(path => new FileRow { Path = path }).ToList()));
    }
}
