using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class EvaluationInTrainingTests
{
    private const int Batch = 4;
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_generator_is_evaluated_at_intervals_and_at_the_end()
    {
        // 3 epochs of 10 images are 7.5 minibatches of 4, and 12 images are 3 minibatches.
        DcganEstimator.Options options = Evaluated(interval: 12, samples: 20);
        options.ProgressInterval = 2;
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3));

        TrainingProgress[] evaluated = gan.Summary.History.Where(report => report.FrechetDistance != null).ToArray();
        CollectionAssert.AreEqual(new long[] { 2, 3, 4, 6, 8 }, gan.Summary.History.Select(report => report.Step).ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 6, 8 }, evaluated.Select(report => report.Step).ToArray());
        Assert.IsTrue(evaluated.All(report => report.FrechetDistance > 0));
        Assert.AreEqual(evaluated.Min(report => report.FrechetDistance), gan.Summary.FrechetDistance);
        Assert.AreEqual(evaluated.MinBy(report => report.FrechetDistance)!.Step, gan.Summary.BestStep);
        Assert.IsFalse(gan.Summary.Stalled);
    }

    [TestMethod]
    public void The_distance_is_what_the_evaluator_measures_of_the_finished_model()
    {
        IDataView data = Pictures.View(_ml, 12, 16, 12, 3);
        using DcganTransformer judge = Pictures.SmallModel(_ml);
        using DcganFeaturizer features = judge.Featurizer("Features", "Pixels");
        DcganEstimator.Options options = Evaluated(interval: 1000, samples: 30);
        options.EvaluationFeatures = features;

        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(data);
        ImageGenerationMetrics metrics = _ml.ImageGeneration()
            .Evaluate(data, gan.Transform(gan.SampleNoise(30, seed: options.Seed!.Value)), new ImageGenerationOptions
            {
                RealColumnName = "Pixels",
                FeatureExtractor = features,
                Metrics = GenerationMetrics.FrechetDistance,
            });

        Assert.AreEqual(metrics.FrechetDistance, gan.Summary.FrechetDistance!.Value, 1e-6 * metrics.FrechetDistance);
    }

    [TestMethod]
    public void The_best_generator_is_kept()
    {
        using var scope = NewDisposeScope();
        var evaluation = new Scripted(5, 1, 3, 2, 4);
        using GanNetworks networks = Networks();
        TrainingSummary summary = Run(networks, new() { EvaluationInterval = 2 * Batch, EvaluationSamples = 2, EvaluationPatience = 0 },
            evaluation.Distance);

        Assert.AreEqual(4, summary.BestStep);
        Assert.AreEqual(1, summary.FrechetDistance);
        Assert.IsFalse(summary.Stalled || summary.Cancelled);
        CheckEqual(evaluation.Seen[1], networks.Generator);
    }

    [TestMethod]
    public void Training_ends_when_patience_does()
    {
        using var scope = NewDisposeScope();
        var evaluation = new Scripted(5, 4, 4, 6, 1);
        using GanNetworks networks = Networks();
        TrainingSummary summary = Run(networks, new() { EvaluationInterval = 2 * Batch, EvaluationSamples = 2, EvaluationPatience = 2 },
            evaluation.Distance);

        Assert.IsTrue(summary.Stalled);
        Assert.IsFalse(summary.Cancelled);
        Assert.AreEqual(8, summary.Steps);
        Assert.AreEqual(10, summary.PlannedSteps);
        Assert.AreEqual(4, summary.BestStep);
        CheckEqual(evaluation.Seen[1], networks.Generator);
    }

    [TestMethod]
    public void Without_a_number_of_epochs_training_ends_twice_as_late_as_it_stops_getting_better()
    {
        using var scope = NewDisposeScope();
        // Nothing better after the second one, of 4 steps, is known after the fourth, of 8: rates fall over 8 more.
        var evaluation = new Scripted(5, 4, 4, 6, 3, 2, 7, 7);
        using GanNetworks networks = Networks();
        TrainingSummary summary = Run(networks, Open(DcganSchedule.Linear), evaluation.Distance);

        Assert.AreEqual((16, 16, 0), (summary.Steps, summary.PlannedSteps, summary.Epochs));
        Assert.IsFalse(summary.Stalled || summary.Cancelled);
        Assert.AreEqual(12, summary.BestStep);
        CheckEqual(evaluation.Seen[5], networks.Generator);
        CollectionAssert.AreEqual(new long[] { 0, 0, 0, 0, 16, 16, 16, 16 },
            summary.History.Where(report => report.FrechetDistance != null).Select(report => report.Steps).ToArray());
        Assert.IsTrue(summary.History.All(report => report.TimeLeft.HasValue == report.Steps > 0));
    }

    [TestMethod]
    public void Without_a_number_of_epochs_and_at_constant_rates_training_ends_when_patience_does()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        TrainingSummary summary = Run(networks, Open(DcganSchedule.Constant), new Scripted(5, 4, 4, 6).Distance);
        Assert.AreEqual((8, 8, 4), (summary.Steps, summary.PlannedSteps, summary.BestStep));
    }

    [TestMethod]
    public void How_long_is_open_is_decided_by_evaluations_that_need_no_setting()
    {
        DcganEstimator.Options open = Pictures.SmallOptions(epochs: 0);
        Assert.AreEqual((20_000, 5), (open.WithEnd(10).EvaluationInterval, open.WithEnd(10).EvaluationPatience));
        Assert.AreEqual(30_000, open.WithEnd(30_000).EvaluationInterval);
        Assert.AreEqual((7, 3), ((open with { EvaluationInterval = 7 }).WithEnd(10).EvaluationInterval,
            (open with { EvaluationPatience = 3 }).WithEnd(10).EvaluationPatience));
        Assert.AreEqual(0, Pictures.SmallOptions(epochs: 1).WithEnd(10).EvaluationInterval);

        open.EvaluationInterval = 8;
        open.EvaluationSamples = 10;
        using DcganTransformer gan = _ml.Transforms.Dcgan(open).Fit(Pictures.View(_ml, 10, 16, 12, 1));
        Assert.AreEqual(gan.Summary.Steps, gan.Summary.PlannedSteps);
        Assert.IsGreaterThanOrEqualTo(6 * 2, gan.Summary.Steps);
    }

    [TestMethod]
    public void Evaluating_does_not_change_the_training()
    {
        using var scope = NewDisposeScope();
        using GanNetworks plain = Networks(), evaluated = Networks();
        Run(plain, new(), null);
        Run(evaluated, new() { EvaluationInterval = Batch, EvaluationSamples = 2, EvaluationPatience = 0 },
            new Scripted(Enumerable.Range(0, 10).Select(i => 10.0 - i).ToArray()).Distance);

        CheckEqual(plain.Generator.state_dict(), evaluated.Generator);
        CheckEqual(plain.Discriminator.state_dict(), evaluated.Discriminator);
    }

    [TestMethod]
    public void What_was_measured_is_saved_with_the_model()
    {
        using DcganTransformer gan = _ml.Transforms.Dcgan(Evaluated(interval: 8, samples: 10)).Fit(Pictures.View(_ml, 10, 16, 12, 1));
        using var file = new MemoryStream();
        _ml.Model.Save(gan, null, file);
        file.Position = 0;
        using var loaded = (DcganTransformer)_ml.Model.Load(file, out _);

        Assert.IsNotNull(gan.Summary.FrechetDistance);
        Assert.AreEqual(gan.Summary.FrechetDistance, loaded.Summary.FrechetDistance);
        Assert.AreEqual(gan.Summary.BestStep, loaded.Summary.BestStep);
        CollectionAssert.AreEqual(gan.Summary.History.ToList(), loaded.Summary.History.ToList());
    }

    [TestMethod]
    public void Cancelled_in_an_evaluation_training_keeps_the_model()
    {
        using var cancellation = new CancellationTokenSource();
        DcganEstimator.Options options = Evaluated(interval: 8, samples: 10);
        options.CancellationToken = cancellation.Token;
        options.Progress = report =>
        {
            if (report.FrechetDistance != null)
                cancellation.Cancel();
        };
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 1));

        Assert.IsTrue(gan.Summary.Cancelled);
        Assert.AreEqual(2, gan.Summary.Steps);
        Assert.AreEqual(2, gan.Summary.BestStep);
    }

    [TestMethod]
    public void One_image_cannot_be_evaluated_on()
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.Dcgan(Evaluated(interval: 8, samples: 10)).Fit(Pictures.View(_ml, 1, 8, 8, 1)));
        StringAssert.Contains(failure.Message, "EvaluationInterval is 8, but the data has 1 image");
    }

    [TestMethod]
    public void Features_that_cannot_read_the_images_are_refused_before_training()
    {
        using DcganTransformer other = _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(Pictures.View(_ml, 8, 20, 20, 3));
        using DcganFeaturizer wrongSize = other.Featurizer("Features", "Pixels");
        DcganEstimator.Options options = Evaluated(interval: 8, samples: 10);
        options.EvaluationFeatures = wrongSize;
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3)));
        StringAssert.Contains(failure.Message,
            "EvaluationFeatures, DcganFeaturizer, cannot read the training images, which it is given as column 'Pixels' of type Image<16, 12>");
    }

    [TestMethod]
    public void An_extractor_that_gives_other_rows_is_refused()
    {
        using DcganTransformer other = Pictures.SmallModel(_ml);
        using DcganFeaturizer features = other.Featurizer("Features", "Pixels");
        DcganEstimator.Options options = Evaluated(interval: 12, samples: 20);
        options.EvaluationFeatures = new FirstRow(features);

        var failure = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3)));
        StringAssert.Contains(failure.Message, "EvaluationFeatures, FirstRow, gives 1 rows for 10 images, but one for each is expected.");
    }

    private static DcganEstimator.Options Evaluated(long interval, int samples)
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 3);
        options.EvaluationInterval = interval;
        options.EvaluationSamples = samples;
        return options;
    }

    private static GanNetworks Networks() => new(new NetworkShape(16, 12, 1, 6, 4, 4, 4), CPU);

    // Evaluations every two steps, and no end but by them.
    private static DcganEstimator.Options Open(DcganSchedule schedule) => new()
    {
        Epochs = 0,
        EvaluationInterval = 2 * Batch,
        EvaluationSamples = 2,
        EvaluationPatience = 2,
        LearningRateSchedule = schedule,
    };

    // 10 steps.
    private static TrainingSummary Run(GanNetworks networks, DcganEstimator.Options settings, GeneratorEvaluation? evaluation)
    {
        using Dataset images = Pictures.TrainingSet(20, 16, 12, 1);
        return new TrainingLoop(networks, images, LoopOptions.Create(Batch, epochs: 2, progressInterval: 3) with
        {
            EvaluationInterval = settings.EvaluationInterval,
            EvaluationSamples = settings.EvaluationSamples,
            EvaluationPatience = settings.EvaluationPatience,
            Epochs = settings.Epochs == 0 ? 0 : 2,
            LearningRateSchedule = settings.LearningRateSchedule,
            LearningRateDecayStart = settings.Epochs == 0 ? 0.5 : 0,
        })
        {
            Evaluation = evaluation,
        }.Run(CancellationToken.None);
    }

    private static void CheckEqual(Dictionary<string, Tensor> expected, nn.Module actual)
    {
        foreach ((string name, Tensor tensor) in actual.state_dict())
            Assert.AreEqual(0, (expected[name] - tensor).abs().max().to(ScalarType.Float64).item<double>(), name);
    }

    /// <summary>Gives the distances that it is told, and remembers the generators.</summary>
    private sealed class Scripted(params double[] distances)
    {
        public List<Dictionary<string, Tensor>> Seen { get; } = [];

        public double Distance(GanNetworks networks)
        {
            Assert.IsFalse(networks.Generator.training, "The generator is to be in evaluation mode.");
            Seen.Add(networks.Generator.state_dict()
                .ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope()));
            return distances[Seen.Count - 1];
        }
    }

    private sealed class FirstRow(ITransformer transformer) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public IDataView Transform(IDataView input) => new MLContext().Data.TakeRows(transformer.Transform(input), 1);

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => transformer.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
