using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.VisualStudio.TestTools.UnitTesting;

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
                .Append(_ml.Transforms.Dcgan("Generated", noiseColumnName: "Noise", imageColumnName: "Pixels", epochs: 1, batchSize: 4, noiseSize: 6, featureMaps: 4));

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
                .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 127.5f, scaleImage: 1 / 127.5f)).Fit(images).Transform(images);
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
                OutputColumnName = "Generated", ImageColumnName = "Picture", Epochs = 1, BatchSize = 4, NoiseSize = 6,
                GeneratorFeatureMaps = 4, DiscriminatorFeatureMaps = 4, ImageHeight = 16, ImageWidth = 12,
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
    public void Prediction_engines_give_the_pictures_of_Transform()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView noise = gan.SampleNoise(5, seed: 3);
        byte[][] expected = Generated(gan.Transform(noise));
        float[][] vectors = noise.GetColumn<float[]>("Noise").ToArray();
        SchemaDefinition schema = SchemaDefinition.Create(typeof(NoiseRow));
        schema["Noise"].ColumnType = noise.Schema["Noise"].Type;

        // An engine disposes the model it was made of; this one is shared.
        var options = new PredictionEngineOptions { InputSchemaDefinition = schema, OwnsTransformer = false };
        using var engine = _ml.Model.CreatePredictionEngine<NoiseRow, GeneratedRow>(gan, options);
        var chain = new TransformerChain<ITransformer>(gan).Append(_ml.Transforms.CopyColumns("Copy", "Noise").Fit(noise));
        using var chained = _ml.Model.CreatePredictionEngine<NoiseRow, GeneratedRow>(chain, options);

        for (int i = 0; i < vectors.Length; i++)
        {
            CheckAlike(expected[i], Bytes(engine.Predict(new NoiseRow { Noise = vectors[i] }).Generated!));
            CheckAlike(expected[i], Bytes(chained.Predict(new NoiseRow { Noise = vectors[i] }).Generated!));
        }
    }

    [TestMethod]
    public void Cached_shuffled_taken_and_skipped_rows_keep_their_pictures()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView noise = gan.SampleNoise(100, seed: 3);
        IDataView generated = gan.Transform(noise);
        Dictionary<string, byte[]> expected = ByNoise(generated);
        Assert.HasCount(100, expected);

        Check(gan.Transform(_ml.Data.Cache(noise)), 100);
        Check(gan.Transform(_ml.Data.ShuffleRows(noise, seed: 5)), 100);
        Check(_ml.Data.TakeRows(generated, 70), 70);
        Check(_ml.Data.SkipRows(generated, 70), 30);
        Check(gan.Transform(_ml.Data.TakeRows(_ml.Data.SkipRows(noise, 10), 7)), 7);

        void Check(IDataView view, int count)
        {
            Dictionary<string, byte[]> actual = ByNoise(view);
            Assert.HasCount(count, actual);
            foreach ((string key, byte[] pixels) in actual)
                CheckAlike(expected[key], pixels);
        }

        Dictionary<string, byte[]> ByNoise(IDataView view) =>
            _ml.Data.CreateEnumerable<GeneratedFromNoise>(view, reuseRowObject: false)
                .ToDictionary(row => string.Join(",", row.Noise!), row => Bytes(row.Generated!));
    }

    [TestMethod]
    public void Without_noise_a_row_keeps_its_picture_however_rows_are_shuffled()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 90).Select(i => new NumberRow { Number = i }).ToList());
        Dictionary<int, byte[]> expected = ByNumber(gan.Transform(rows));
        Assert.AreEqual(90, expected.Values.Select(Convert.ToHexString).Distinct().Count());

        foreach ((int number, byte[] pixels) in ByNumber(gan.Transform(_ml.Data.ShuffleRows(rows, seed: 4))))
            CheckAlike(expected[number], pixels);
        byte[][] sampled = Generated(gan, 90);
        for (int i = 0; i < 90; i++)
            CheckAlike(sampled[i], expected[i]);

        Dictionary<int, byte[]> ByNumber(IDataView view) => _ml.Data.CreateEnumerable<GeneratedFromNumber>(view, reuseRowObject: false)
            .ToDictionary(row => row.Number, row => Bytes(row.Generated!));
    }

    [TestMethod]
    public void Images_that_were_handed_out_stay_usable()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        List<GeneratedRow> rows = _ml.Data.CreateEnumerable<GeneratedRow>(gan.Transform(gan.SampleNoise(3)), reuseRowObject: false).ToList();
        Assert.AreEqual(3, rows.Select(row => Convert.ToHexString(Bytes(row.Generated!))).Distinct().Count());
    }

    [TestMethod]
    public void Two_cursors_may_read_at_once()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView view = gan.Transform(gan.SampleNoise(70));
        byte[][] expected = Generated(view);
        using DataViewRowCursor one = view.GetRowCursor(view.Schema), other = view.GetRowCursor(view.Schema);
        ValueGetter<MLImage> ofOne = one.GetGetter<MLImage>(view.Schema["Generated"]), ofOther = other.GetGetter<MLImage>(view.Schema["Generated"]);
        MLImage image = null!;

        Assert.IsTrue(other.MoveNext());
        for (int i = 0; i < 69; i++)
        {
            Assert.IsTrue(one.MoveNext() && other.MoveNext());
            ofOne(ref image);
            CollectionAssert.AreEqual(expected[i], image.Pixels.ToArray());
            ofOther(ref image);
            CollectionAssert.AreEqual(expected[i + 1], image.Pixels.ToArray());
        }
        image.Dispose();
    }

    [TestMethod]
    public void Sixteen_threads_generate_what_one_does()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        byte[][] expected = Generated(gan, 40);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            CheckSame(expected, i % 2 == 0 ? Generated(gan, 40) : Generated(gan.Transform(gan.SampleNoise(40))));
        });
    }

    [TestMethod]
    public void Generating_more_does_not_change_the_first_pictures()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        byte[][] many = Generated(gan, 130);
        byte[][] few = Generated(gan, 3);
        for (int i = 0; i < 3; i++)
            CheckAlike(many[i], few[i]);
        Assert.IsEmpty(gan.Generate(0));
        Assert.IsEmpty(Generated(gan.Transform(gan.SampleNoise(0))));
    }

    [TestMethod]
    public void Grey_pictures_are_grey_and_opaque()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml, channels: 1);
        foreach (byte[] pixels in Generated(gan, 2))
            foreach (byte[] pixel in pixels.Chunk(4))
                Assert.IsTrue(pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[3] == 255);
    }

    [TestMethod]
    public void Cursors_keep_MLNETs_rules()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView view = gan.Transform(gan.SampleNoise(2));
        DataViewSchema.Column noise = view.Schema["Noise"], generated = view.Schema["Generated"];
        using DataViewRowCursor cursor = view.GetRowCursor([generated]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(generated);
        MLImage image = null!;

        Assert.AreEqual(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => getter(ref image));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<VBuffer<float>>(noise));
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(generated)).Message, "'Generated'");
        Assert.IsTrue(cursor.MoveNext() && cursor.MoveNext());
        Assert.AreEqual(1, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
        cursor.Dispose();
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Noise_of_another_length_or_type_is_refused()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView five = _ml.Data.LoadFromEnumerable([new FiveRow { Noise = new float[5] }]);
        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(() => gan.Transform(five));
        Assert.AreEqual("inputSchema", failure.ParamName);
        StringAssert.Contains(failure.Message, "Schema mismatch for input column 'Noise': expected a vector of Single of size 6, got Vector<Single, 5>");

        IDataView text = _ml.Data.LoadFromEnumerable([new FileRow { Path = "x" }]);
        IDataView renamed = _ml.Transforms.CopyColumns("Noise", "Path").Fit(text).Transform(text);
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => gan.Transform(renamed)).Message, "got String");
    }

    [TestMethod]
    public void Noise_that_is_not_numbers_is_refused()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(NoiseRow));
        schema["Noise"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 6);
        IDataView view = _ml.Data.LoadFromEnumerable([new NoiseRow { Noise = [1, 2, float.NaN, 4, 5, 6] }], schema);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Generated(gan.Transform(view))).Message, "Column 'Noise', row 0: holds NaN");
    }

    [TestMethod]
    public void A_disposed_model_says_so()
    {
        DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView view = gan.SampleNoise(1);
        gan.Dispose();
        gan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gan.Generate(1));
        Assert.Throws<ObjectDisposedException>(() => gan.Transform(view));
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

    internal static byte[][] Generated(IDataView view) =>
        new MLContext().Data.CreateEnumerable<GeneratedRow>(view, reuseRowObject: false).Select(row => Bytes(row.Generated!)).ToArray();

    internal static byte[][] Generated(DcganTransformer gan, int count) => gan.Generate(count).Select(Bytes).ToArray();

    internal static void CheckSame(byte[][] expected, byte[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i], $"picture {i}");
    }

    // Minibatches of other sizes may round differently, in the last bit of a float.
    private static void CheckAlike(byte[] expected, byte[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        Assert.IsTrue(expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= 1), "pictures differ");
    }

    private static byte[] Bytes(MLImage image)
    {
        using (image)
            return image.Pixels.ToArray();
    }
}

public sealed class GeneratedRow
{
    [ImageType(16, 12)]
    public MLImage? Generated { get; set; }
}

public sealed class GeneratedFromNoise
{
    public float[]? Noise { get; set; }

    [ImageType(16, 12)]
    public MLImage? Generated { get; set; }
}

public sealed class GeneratedFromNumber
{
    public int Number { get; set; }

    [ImageType(16, 12)]
    public MLImage? Generated { get; set; }
}

public sealed class NoiseRow
{
    public float[] Noise { get; set; } = [];
}

public sealed class NumberRow
{
    public int Number { get; set; }
}

public sealed class FiveRow
{
    [VectorType(5)]
    public float[] Noise { get; set; } = [];
}
