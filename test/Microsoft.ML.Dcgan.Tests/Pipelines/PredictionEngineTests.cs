using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Features;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

/// <summary>One row at a time, through ML.NET's prediction engines.</summary>
[TestClass]
public sealed class PredictionEngineTests
{
    private static readonly PredictionEngineOptions _lent = new() { OwnsTransformer = false };
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void An_engine_disposes_the_model_only_if_it_owns_it(bool chained)
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        ITransformer model = chained ? new TransformerChain<ITransformer>(gan) : gan;

        using (var lent = _ml.Model.CreatePredictionEngine<NumberRow, GeneratedRow>(model, _lent))
            Bytes(lent.Predict(new NumberRow()).Generated!);
        Assert.HasCount(1, Generated(gan, 1));

        using (var owning = _ml.Model.CreatePredictionEngine<NumberRow, GeneratedRow>(model))
            Bytes(owning.Predict(new NumberRow()).Generated!);
        Assert.Throws<ObjectDisposedException>(() => gan.Generate(1));
    }

    [TestMethod]
    public void Without_noise_each_prediction_is_the_next_picture()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        byte[][] expected = Generated(gan, 4);
        using var engine = _ml.Model.CreatePredictionEngine<NumberRow, GeneratedFromNumber>(gan, _lent);

        for (int i = 0; i < 4; i++)
        {
            GeneratedFromNumber prediction = engine.Predict(new NumberRow { Number = 10 * i });
            Assert.AreEqual(10 * i, prediction.Number);
            CheckAlike(expected[i], Bytes(prediction.Generated!));
        }
    }

    [TestMethod]
    public void A_picture_stays_its_users_when_the_prediction_is_used_again()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        byte[][] expected = Generated(gan, 2);
        using var engine = _ml.Model.CreatePredictionEngine<NumberRow, GeneratedRow>(gan, _lent);
        var prediction = new GeneratedRow();

        engine.Predict(new NumberRow(), ref prediction);
        MLImage first = prediction.Generated!;
        engine.Predict(new NumberRow(), ref prediction);

        Assert.AreNotSame(first, prediction.Generated);
        CheckAlike(expected[0], Bytes(first));
        CheckAlike(expected[1], Bytes(prediction.Generated!));
    }

    [TestMethod]
    public void From_a_file_to_its_realness_also_after_reloading()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string[] files = Pictures.Files(folder.FullName, 4, 20, 24);
            IDataView paths = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
            using DcganTransformer gan = Pictures.SmallModel(_ml);
            var loading = _ml.Transforms.LoadImages("Image", null, "Path").Append(_ml.Transforms.ResizeImages("Image", 12, 16));
            var chain = loading.Fit(paths).Append(gan.RealnessScorer());
            float[] expected = chain.Transform(paths).GetColumn<float>("Realness").ToArray();
            string path = Path.Combine(folder.FullName, "scorer.zip");
            _ml.Model.Save(chain, paths.Schema, path);
            var ml = new MLContext();
            ITransformer again = ml.Model.Load(path, out DataViewSchema schema);

            Assert.AreEqual(4, expected.Distinct().Count());
            using var engine = _ml.Model.CreatePredictionEngine<FileRow, JudgedImageRow>(chain);
            using var reloaded = ml.Model.CreatePredictionEngine<FileRow, JudgedImageRow>(again, schema);
            foreach (var one in new[] { engine, reloaded })
            {
                for (int i = 0; i < files.Length; i++)
                    Assert.AreEqual(expected[i], one.Predict(new FileRow { Path = files[i] }).Realness, 1e-5);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
