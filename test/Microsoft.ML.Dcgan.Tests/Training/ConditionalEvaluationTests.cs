using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Evaluation;
using Microsoft.ML.Dcgan.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class ConditionalEvaluationTests
{
    private const long Bright = 0, Dark = 1;
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Classes_are_generated_as_often_as_there_are_training_images_of_them()
    {
        using DcganTransformer gan = LabelledPictures.Learned(_ml);

        // Nine dark pictures to each bright one, more generated ones than real ones, and labels that say so, or say otherwise.
        double truthful = Distance(i => i % 10 == 0 ? Bright : Dark);
        double inTurn = Distance(i => i % 2);
        double wrong = Distance(i => i % 10 == 0 ? Dark : Bright);

        Assert.IsTrue(truthful < 0.5 * inTurn && inTurn < wrong, $"{truthful}, {inTurn}, {wrong}");
        Assert.AreEqual(truthful, Distance(i => i % 10 == 0 ? Bright : Dark));

        double Distance(Func<int, long> labelOf)
        {
            using var images = new MemoryDataset(40, (1, 8, 8), CPU);
            long[] slots = Enumerable.Range(0, 40).Select(i => images.Add(Enumerable.Repeat((byte)(i % 10 == 0 ? 230 : 26), 64).ToArray()))
                .ToArray();
            images.Complete(slots, Enumerable.Range(0, 40).Select(labelOf).ToArray());
            using var evaluation = new TrainingEvaluation(images,
                new DcganEstimator.Options { EvaluationInterval = 1, EvaluationSamples = 80, Seed = 1 }, CPU);
            return evaluation.Distance(gan.Networks, Communicator.Alone);
        }
    }

    [TestMethod]
    public void Training_on_classes_keeps_its_best_generator()
    {
        DcganEstimator.Options options = LabelledPictures.Options(epochs: 4);
        (options.EvaluationInterval, options.EvaluationSamples) = (16, 20);
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(LabelledPictures.View(_ml, 16));

        double?[] distances = gan.Summary.History.Select(report => report.FrechetDistance).Where(distance => distance != null).ToArray();
        Assert.HasCount(4, distances);
        Assert.AreEqual(distances.Min(), gan.Summary.FrechetDistance);
    }
}
