using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class SmoothedLabelsTests
{
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(4);

    [TestMethod]
    public void Sure_labels_draw_nothing()
    {
        using var scope = NewDisposeScope();
        Assert.IsNull(AdversarialLoss.Create(_settings).DrawLabels(ones(5), areReal: true, default));
        Assert.IsNull(AdversarialLoss.Create(_settings).DrawLabels(ones(5), areReal: false, default));
    }

    [TestMethod]
    public void Smoothing_is_the_cross_entropy_with_soft_labels()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        AdversarialLoss loss = AdversarialLoss.Create(_settings with { RealLabel = 0.9 });
        Tensor real = randn([50], generator: random) * 3, generated = randn([50], generator: random) * 3;

        Tensor? realLabels = loss.DrawLabels(real, areReal: true, At(random)),
            generatedLabels = loss.DrawLabels(generated, areReal: false, At(random));

        CheckEqual(full(50, 0.9), realLabels!);
        CheckEqual(zeros(50), generatedLabels!);
        CheckEqual(CrossEntropy(real, 0.9).mean() + CrossEntropy(generated, 0).mean(),
            loss.Discriminator(real, generated, realLabels, generatedLabels));
        CheckEqual(CrossEntropy(generated, 1).mean(), loss.Generator(generated, null));
    }

    [TestMethod]
    public void Smoothed_squares_pull_to_the_label()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        AdversarialLoss loss = AdversarialLoss.Create(_settings with { Loss = DcganLoss.LeastSquares, RealLabel = 0.8 });
        Tensor logits = randn([50], generator: random).requires_grad_();

        (loss.Discriminator(logits, zeros(50), loss.DrawLabels(logits, areReal: true, At(random))) * 50).backward();

        CheckEqual(logits - 0.8, logits.grad!);
    }

    [TestMethod]
    public void The_stated_share_of_images_has_the_others_label()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        const int count = 20_000;
        const double noise = 0.2, label = 0.9;
        AdversarialLoss loss = AdversarialLoss.Create(_settings with { RealLabel = label, LabelNoise = noise });

        foreach ((bool areReal, double own, double wrong) in new[] { (true, label, 0.0), (false, 0.0, label) })
        {
            Tensor labels = loss.DrawLabels(zeros(count), areReal, At(random))!;
            Tensor isOwn = (labels - own).abs().lt(1e-5), isWrong = (labels - wrong).abs().lt(1e-5);
            double deviation = Math.Sqrt(noise * (1 - noise) / count);
            Assert.AreEqual(noise, isWrong.to(ScalarType.Float64).mean().item<double>(), 4 * deviation);
            Assert.AreEqual(count, (isOwn.sum() + isWrong.sum()).item<long>());
        }
    }

    [TestMethod]
    public void Which_images_is_drawn_from_the_step()
    {
        using var scope = NewDisposeScope();
        AdversarialLoss loss = AdversarialLoss.Create(_settings with { LabelNoise = 0.4 });

        Tensor first = Drawn(seed: 5);
        CheckEqual(first, Drawn(seed: 5));
        Assert.IsGreaterThan(0, (first - Drawn(seed: 6)).abs().max().item<float>());

        Tensor Drawn(ulong seed)
        {
            using var random = new torch.Generator(seed, CPU);
            return loss.DrawLabels(ones(1000), areReal: true, At(random))!;
        }
    }

    private static StepContext At(torch.Generator random) => new(0, 1, random);

    private static Tensor CrossEntropy(Tensor logits, double label) =>
        nn.functional.binary_cross_entropy_with_logits(logits, full_like(logits, label), reduction: nn.Reduction.None);

    private static void CheckEqual(Tensor expected, Tensor actual) =>
        Assert.AreEqual(0, (expected - actual).abs().max().item<float>(), 2e-6);
}
