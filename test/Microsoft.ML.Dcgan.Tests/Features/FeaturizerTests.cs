using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Features;

/// <summary>The featurizer and the realness scorer as transformers.</summary>
[TestClass]
public sealed class FeaturizerTests
{
    private const int Rows = 70; // more than a minibatch
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Both_add_their_columns_and_say_what_they_are()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using DcganFeaturizer featurizer = gan.Featurizer("Seen", "Pixels");
        using DcganRealnessScorer scorer = gan.RealnessScorer("Score", "Pixels");
        IDataView view = Pictures.View(_ml, 3, 16, 12, 3);

        // 4 maps of 8x6, pooled to 4x4, and 8 of 4x3.
        Assert.AreEqual("Vector<Single, 160>", featurizer.GetOutputSchema(view.Schema)["Seen"].Type.ToString());
        Assert.AreEqual("Single", scorer.GetOutputSchema(view.Schema)["Score"].Type.ToString());
        Assert.AreEqual((160, "Seen", "Pixels", 16, 12, 3),
            (featurizer.FeatureSize, featurizer.OutputColumnName, featurizer.InputColumnName, featurizer.ImageHeight, featurizer.ImageWidth,
            featurizer.Channels));
        Assert.AreSame(gan.Summary, scorer.Summary);
        Assert.AreEqual("Features Image Realness",
            string.Join(' ', gan.Featurizer().OutputColumnName, gan.Featurizer().InputColumnName, gan.RealnessScorer().OutputColumnName));
    }

    [TestMethod]
    public void Realness_is_the_sigmoid_of_the_logit()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using DcganRealnessScorer scorer = gan.RealnessScorer(inputColumnName: "Pixels");
        IDataView view = Pictures.View(_ml, Rows, 16, 12, 3);
        float[] pixels = view.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray();
        float[] logits = gan.Networks.Discriminator.call(tensor(pixels, [Rows, 3, 16, 12])).data<float>().ToArray();

        float[] realness = Realness(scorer, view);

        Assert.HasCount(Rows, realness);
        for (int i = 0; i < Rows; i++)
            Assert.AreEqual(1 / (1 + Math.Exp(-logits[i])), realness[i], 1e-5);
    }

    [TestMethod]
    public void The_same_again_gives_the_same_to_the_bit()
    {
        IDataView view = Pictures.View(_ml, Rows, 16, 12, 3);
        using DcganTransformer one = Pictures.SmallModel(_ml), other = Pictures.SmallModel(_ml);
        using DcganFeaturizer ofOne = one.Featurizer(inputColumnName: "Pixels"), ofOther = other.Featurizer(inputColumnName: "Pixels");
        CheckSame(Features(ofOne, view), Features(ofOther, view));
    }

    [TestMethod]
    public void An_image_column_gives_what_its_pixels_give()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        MLImage[] images = Enumerable.Range(0, 5).Select(i => Pictures.Image(i, 16, 12)).ToArray();
        IDataView view = _ml.Data.LoadFromEnumerable(images.Select(image => new ImageRow { Image = image }).ToList());
        using DcganFeaturizer ofImages = gan.Featurizer(), ofPixels = gan.Featurizer(inputColumnName: "Pixels");

        CheckSame(Features(ofPixels, Pictures.View(_ml, 5, 16, 12, 3)), Features(ofImages, view));
        // As flat vectors too.
        CheckSame(Features(ofPixels, Pictures.View(_ml, Enumerable.Range(0, 5).Select(i => Pictures.Pixels(i, 16, 12, 3)), 576)),
            Features(ofImages, view));

        // What was handed in is still its user's.
        using DcganTransformer fitted = _ml.Transforms.Dcgan("Generated", epochs: 1, featureMaps: 2).Fit(view);
        foreach (MLImage image in images)
        {
            Assert.AreEqual(16 * 12 * 4, image.Pixels.Length);
            image.Dispose();
        }
    }

    [TestMethod]
    public void Pictures_that_pass_through_stay_usable()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            // Pictures that need no resizing, which ResizeImages hands on while LoadImages still disposes them.
            IDataView paths = _ml.Data.LoadFromEnumerable(Pictures.Files(folder.FullName, 3, 16, 12)
                .Select(file => new FileRow { Path = file }).ToList());
            IDataView images = _ml.Transforms.LoadImages("Image", null, "Path").Append(_ml.Transforms.ResizeImages("Image", 12, 16))
                .Fit(paths).Transform(paths);
            using DcganTransformer gan = Pictures.SmallModel(_ml);
            using DcganRealnessScorer scorer = gan.RealnessScorer(), ofPixels = gan.RealnessScorer(inputColumnName: "Pixels");

            List<JudgedImageRow> rows = _ml.Data.CreateEnumerable<JudgedImageRow>(scorer.Transform(images), reuseRowObject: false).ToList();

            CollectionAssert.AreEqual(Realness(ofPixels, Pictures.View(_ml, 3, 16, 12, 3)), rows.Select(row => row.Realness).ToArray());
            for (int i = 0; i < 3; i++)
            {
                using MLImage expected = Pictures.Image(i, 16, 12);
                CollectionAssert.AreEqual(expected.Pixels.ToArray(), rows[i].Image!.Pixels.ToArray());
                rows[i].Image!.Dispose();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void A_model_of_grey_pictures_sees_pictures_in_grey()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml, channels: 1);
        using DcganRealnessScorer scorer = gan.RealnessScorer(), ofPixels = gan.RealnessScorer(inputColumnName: "Pixels");
        byte[] grey = Pictures.Bytes(3, 16, 12, 1);
        using MLImage image = MLImage.CreateFromPixels(12, 16, MLPixelFormat.Bgra32,
            grey.SelectMany(value => new[] { value, value, value, (byte)255 }).ToArray());

        float[] realness = Realness(scorer, _ml.Data.LoadFromEnumerable([new ImageRow { Image = image }]));

        CollectionAssert.AreEqual(Realness(ofPixels, Pictures.View(_ml, [Pictures.Pixels(3, 16, 12, 1)], 1, 16, 12)), realness);
    }

    [TestMethod]
    public void A_row_is_judged_alike_in_any_company()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: "Pixels");
        IDataView view = Pictures.View(_ml, Rows, 16, 12, 3);
        float[][] expected = Features(featurizer, view);

        CheckAlike(expected[66..], Features(featurizer, _ml.Data.SkipRows(view, 66)));
        IDataView shuffled = featurizer.Transform(_ml.Data.ShuffleRows(view, seed: 5));
        int[] numbers = shuffled.GetColumn<int>("Number").ToArray();
        CheckAlike(numbers.Select(number => expected[number]).ToArray(), shuffled.GetColumn<float[]>("Features").ToArray());
    }

    [TestMethod]
    public void Prediction_engines_give_what_Transform_gives()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: "Pixels");
        using DcganRealnessScorer scorer = gan.RealnessScorer(inputColumnName: "Pixels");
        var chain = new TransformerChain<ITransformer>(featurizer, scorer);
        IDataView view = Pictures.View(_ml, 5, 16, 12, 3);
        float[][] features = Features(featurizer, view);
        float[] realness = Realness(scorer, view);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PixelRow));
        schema["Pixels"].ColumnType = view.Schema["Pixels"].Type;

        // An engine disposes the model it was made of; this one is shared.
        using var engine = _ml.Model.CreatePredictionEngine<PixelRow, JudgedRow>(chain,
            new PredictionEngineOptions { InputSchemaDefinition = schema, OwnsTransformer = false });
        for (int i = 0; i < 5; i++)
        {
            JudgedRow judged = engine.Predict(new PixelRow { Pixels = Pictures.Pixels(i, 16, 12, 3) });
            CheckAlike([features[i]], [judged.Features]);
            Assert.AreEqual(realness[i], judged.Realness, 1e-5);
        }
    }

    [TestMethod]
    public void Sixteen_threads_get_what_one_does()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: "Pixels");
        IDataView view = Pictures.View(_ml, Rows, 16, 12, 3);
        float[][] expected = Features(featurizer, view);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => CheckSame(expected, Features(featurizer, view)));
    }

    [TestMethod]
    public void They_live_on_without_the_model_and_say_when_they_are_disposed()
    {
        IDataView view = Pictures.View(_ml, 3, 16, 12, 3);
        DcganTransformer gan = Pictures.SmallModel(_ml);
        DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: "Pixels");
        float[][] before = Features(featurizer, view);
        gan.Dispose();
        CheckSame(before, Features(featurizer, view));
        Assert.Throws<ObjectDisposedException>(() => gan.Featurizer());
        Assert.Throws<ObjectDisposedException>(() => gan.RealnessScorer());

        featurizer.Dispose();
        featurizer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => featurizer.Transform(view));
        Assert.Throws<ObjectDisposedException>(() => featurizer.GetRowToRowMapper(view.Schema));
        Assert.Throws<ObjectDisposedException>(() => _ml.Model.Save(featurizer, view.Schema, new MemoryStream()));
    }

    [TestMethod]
    public void Nothing_outlives_disposal()
    {
        IDataView view = Pictures.View(_ml, Rows, 16, 12, 3);
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        Use();

        // TorchSharp never takes back the count of the tensor that a parameter was made of.
        long miscounted = Left(() => Discriminator.InEvaluation(gan.Networks.Shape, CPU, ScalarType.Float32).Dispose());
        Assert.AreEqual(miscounted, Left(Use), "tensors alive");

        void Use()
        {
            using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: "Pixels");
            for (int i = 0; i < 5; i++)
                Features(featurizer, view);
        }

        static long Left(Action use)
        {
            long before = Alive();
            use();
            return Alive() - before;
        }

        static long Alive()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Tensor.TotalCount;
        }
    }

    internal static float[][] Features(DcganFeaturizer featurizer, IDataView view) =>
        featurizer.Transform(view).GetColumn<float[]>(featurizer.OutputColumnName).ToArray();

    internal static float[] Realness(DcganRealnessScorer scorer, IDataView view) =>
        scorer.Transform(view).GetColumn<float>(scorer.OutputColumnName).ToArray();

    internal static void CheckSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i], $"row {i}");
    }

    // Minibatches of other sizes may round differently.
    private static void CheckAlike(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual)
    {
        Assert.AreEqual(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.HasCount(expected[i].Length, actual[i]);
            double difference = expected[i].Zip(actual[i]).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.IsTrue(difference < 1e-5, $"row {i} differs by up to {difference}");
        }
    }
}
