using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class SmoothedLabelsTests
{
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(4);

    [TestMethod]
    public void Sure_labels_need_none_of_it() =>
        Assert.IsInstanceOfType<NonSaturatingLoss>(AdversarialLosses.Of(_settings));

    [TestMethod]
    public void Smoothing_is_the_cross_entropy_with_soft_labels()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        IAdversarialLoss loss = AdversarialLosses.Of(_settings with { RealLabel = 0.9 });
        Tensor logits = randn([50], generator: random) * 3;

        CheckEqual(CrossEntropy(logits, 0.9), loss.OnReal(logits, Moment(random)));
        CheckEqual(CrossEntropy(logits, 0), loss.OnGenerated(logits, Moment(random)));
        CheckEqual(CrossEntropy(logits, 1), loss.OfGenerator(logits));
    }

    [TestMethod]
    public void Smoothed_squares_pull_to_the_label()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        IAdversarialLoss loss = AdversarialLosses.Of(_settings with { Loss = DcganLoss.LeastSquares, RealLabel = 0.8 });
        Tensor logits = randn([50], generator: random).requires_grad_();

        loss.OnReal(logits, Moment(random)).sum().backward();

        CheckEqual(logits - 0.8, logits.grad!);
    }

    [TestMethod]
    public void The_stated_share_of_images_has_the_others_label()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        const int count = 20_000;
        const double noise = 0.2, label = 0.9;
        IAdversarialLoss loss = AdversarialLosses.Of(_settings with { RealLabel = label, LabelNoise = noise });
        Tensor logits = full([count], 1.5);

        foreach ((Tensor terms, double own, double wrong) in new[]
        {
            (loss.OnReal(logits, Moment(random)), label, 0.0),
            (loss.OnGenerated(logits, Moment(random)), 0.0, label),
        })
        {
            Tensor isOwn = (terms - CrossEntropy(logits, own)).abs().lt(1e-5);
            Tensor isWrong = (terms - CrossEntropy(logits, wrong)).abs().lt(1e-5);
            double deviation = Math.Sqrt(noise * (1 - noise) / count);
            Assert.AreEqual(noise, isWrong.to(ScalarType.Float64).mean().item<double>(), 4 * deviation);
            Assert.AreEqual(count, (isOwn.sum() + isWrong.sum()).item<long>());
        }
    }

    [TestMethod]
    public void Which_images_is_drawn_from_the_moment()
    {
        using var scope = NewDisposeScope();
        IAdversarialLoss loss = AdversarialLosses.Of(_settings with { LabelNoise = 0.4 });
        Tensor logits = ones(1000);

        Tensor first = Drawn(seed: 5);
        CheckEqual(first, Drawn(seed: 5));
        Assert.IsGreaterThan(0, (first - Drawn(seed: 6)).abs().max().item<float>());

        Tensor Drawn(ulong seed)
        {
            using var random = new torch.Generator(seed, CPU);
            return loss.OnReal(logits, Moment(random));
        }
    }

    private static StepContext Moment(torch.Generator random) => new(0, 1, random);

    private static Tensor CrossEntropy(Tensor logits, double label) =>
        nn.functional.binary_cross_entropy_with_logits(logits, full_like(logits, label), reduction: nn.Reduction.None);

    private static void CheckEqual(Tensor expected, Tensor actual) =>
        Assert.AreEqual(0, (expected - actual).abs().max().item<float>(), 2e-6);
}
