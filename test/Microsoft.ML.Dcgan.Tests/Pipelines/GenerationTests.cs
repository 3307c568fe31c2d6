using Microsoft.ML.Data;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

[TestClass]
public sealed class GenerationTests
{
    private readonly MLContext _ml = new(seed: 1);

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
        List<GeneratedRow> rows = _ml.Data.CreateEnumerable<GeneratedRow>(gan.Transform(gan.SampleNoise(3)), reuseRowObject: false)
            .ToList();
        Assert.AreEqual(3, rows.Select(row => Convert.ToHexString(Bytes(row.Generated!))).Distinct().Count());
    }

    [TestMethod]
    public void Two_cursors_may_read_at_once()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView view = gan.Transform(gan.SampleNoise(70));
        byte[][] expected = Generated(view);
        using DataViewRowCursor one = view.GetRowCursor(view.Schema), other = view.GetRowCursor(view.Schema);
        ValueGetter<MLImage> ofOne = one.GetGetter<MLImage>(view.Schema["Generated"]),
            ofOther = other.GetGetter<MLImage>(view.Schema["Generated"]);
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
    public void The_noise_column_may_have_any_name()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.NoiseColumnName = "Z";
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 8, 8, 1));

        IDataView noise = gan.SampleNoise(2);

        Assert.AreEqual("Vector<Single, 6>", noise.Schema["Z"].Type.ToString());
        Assert.AreEqual(2, gan.Transform(noise).GetColumn<MLImage>("Generated").Count());
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
        StringAssert.Contains(failure.Message,
            "Schema mismatch for input column 'Noise': expected a vector of Single of size 6, got Vector<Single, 5>");

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
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Generated(gan.Transform(view))).Message,
            "Column 'Noise', row 0: holds NaN");
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
}
