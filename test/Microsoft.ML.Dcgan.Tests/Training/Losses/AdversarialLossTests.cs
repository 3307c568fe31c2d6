using System.Diagnostics;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class AdversarialLossTests
{
    private static readonly double[] _real = [-4.5, -0.9, 0, 0.3, 2, 6], _generated = [0.7, -3, 5.5, -0.2, 0, -1.4];

    [TestMethod]
    [DataRow(DcganLoss.NonSaturating)]
    [DataRow(DcganLoss.Minimax)]
    [DataRow(DcganLoss.LeastSquares)]
    [DataRow(DcganLoss.Hinge)]
    [DataRow(DcganLoss.Wasserstein)]
    [DataRow(DcganLoss.Relativistic)]
    public void Equals_its_formula_and_slopes_as_it(DcganLoss name)
    {
        AdversarialLoss loss = Create(name);
        (Func<double, double, double> ofDiscriminator, Func<double, double, double> ofGenerator) = Formulas(name);

        Check((real, generated) => loss.Discriminator(real, generated), ofDiscriminator);
        Check((real, generated) => loss.Generator(generated, loss.ComparesWithReal ? real : null), ofGenerator);
    }

    [TestMethod]
    [DataRow(DcganLoss.NonSaturating, 200.0)]
    [DataRow(DcganLoss.Minimax, 0.0)]
    public void Logarithms_of_0_do_not_occur(DcganLoss name, double ofGenerator)
    {
        using var scope = NewDisposeScope();
        AdversarialLoss loss = Create(name);
        Tensor high = tensor(new float[] { 200 }), low = tensor(new float[] { -200 });
        Assert.AreEqual(0, loss.Discriminator(high, low).item<float>(), 1e-6);
        Assert.AreEqual(400, loss.Discriminator(low, high).item<float>(), 1e-3);
        Assert.AreEqual(ofGenerator, loss.Generator(low, null).item<float>(), 1e-3);
    }

    [TestMethod]
    public void An_unknown_loss_is_no_silent_default() =>
        Assert.Throws<UnreachableException>(() => Create((DcganLoss)9));

    [TestMethod]
    [DataRow(DcganLoss.NonSaturating, 1, 0)]
    [DataRow(DcganLoss.NonSaturating, 0.9, 0)]
    [DataRow(DcganLoss.Minimax, 0.9, 0.05)]
    [DataRow(DcganLoss.LeastSquares, 1, 0)]
    [DataRow(DcganLoss.LeastSquares, 0.8, 0.1)]
    [DataRow(DcganLoss.Hinge, 1, 0)]
    public void Certainty_is_0_for_the_best_guess_and_1_for_the_best_loss(DcganLoss name, double realLabel, double noise)
    {
        LossBounds bounds = Create(name, realLabel, noise).Bounds!.Value;
        double[] logits = Enumerable.Range(-40_000, 80_001).Select(i => i / 1000.0).ToArray();
        double real = realLabel * (1 - noise), generated = realLabel * noise;
        double guessing = logits.Min(logit => Expected(real, logit) + Expected(generated, logit));
        double least = logits.Min(logit => Expected(real, logit)) + logits.Min(logit => Expected(generated, logit));

        Assert.AreEqual(0, bounds.Certainty(guessing), 1e-5);
        Assert.AreEqual(1, bounds.Certainty(least), 1e-5);
        Assert.AreEqual(0.4, bounds.Certainty(bounds.Loss(0.4)), 1e-9);

        double Expected(double label, double logit) => label * OnReal(logit) + (1 - label) * OnGenerated(logit);
        double OnReal(double logit) => name switch
        {
            DcganLoss.LeastSquares => (logit - 1) * (logit - 1) / 2,
            DcganLoss.Hinge => Math.Max(0, 1 - logit),
            _ => Math.Log(1 + Math.Exp(-logit)),
        };
        double OnGenerated(double logit) => name switch
        {
            DcganLoss.LeastSquares => logit * logit / 2,
            DcganLoss.Hinge => Math.Max(0, 1 + logit),
            _ => Math.Log(1 + Math.Exp(logit)),
        };
    }

    [TestMethod]
    public void Of_pairs_it_is_0_for_equal_logits_and_1_for_far_ones()
    {
        using var scope = NewDisposeScope();
        AdversarialLoss loss = Create(DcganLoss.Relativistic);
        Tensor logits = tensor(_real);
        Assert.AreEqual(0, loss.Bounds!.Value.Certainty(loss.Discriminator(logits, logits).item<double>()), 1e-9);
        Assert.AreEqual(1, loss.Bounds!.Value.Certainty(loss.Discriminator(logits, logits - 50).item<double>()), 1e-9);
    }

    [TestMethod]
    public void A_critic_is_never_certain() => Assert.IsNull(Create(DcganLoss.Wasserstein).Bounds);

    private static AdversarialLoss Create(DcganLoss name, double realLabel = 1, double noise = 0) =>
        AdversarialLoss.Create(LoopOptions.Create(4) with
        {
            Loss = name,
            RealLabel = realLabel,
            LabelNoise = noise,
            DiscriminatorNormalization = DcganNormalization.Spectral,
        });

    // Of a real image's logit and a generated one's beside it.
    private static (Func<double, double, double> OfDiscriminator, Func<double, double, double> OfGenerator) Formulas(DcganLoss name)
    {
        Func<double, double> logD = logit => Math.Log(1 / (1 + Math.Exp(-logit)));
        Func<double, double> logNotD = logit => Math.Log(1 - 1 / (1 + Math.Exp(-logit)));
        return name switch
        {
            DcganLoss.NonSaturating => ((real, generated) => -logD(real) - logNotD(generated), (_, generated) => -logD(generated)),
            DcganLoss.Minimax => ((real, generated) => -logD(real) - logNotD(generated), (_, generated) => logNotD(generated)),
            DcganLoss.LeastSquares => (
                (real, generated) => 0.5 * Math.Pow(real - 1, 2) + 0.5 * Math.Pow(generated, 2),
                (_, generated) => 0.5 * Math.Pow(generated - 1, 2)),
            DcganLoss.Hinge => ((real, generated) => -Math.Min(0, -1 + real) - Math.Min(0, -1 - generated), (_, generated) => -generated),
            DcganLoss.Wasserstein => ((real, generated) => generated - real, (_, generated) => -generated),
            DcganLoss.Relativistic => ((real, generated) => -logD(real - generated), (real, generated) => -logD(generated - real)),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static void Check(Func<Tensor, Tensor, Tensor> loss, Func<double, double, double> formula)
    {
        using var scope = NewDisposeScope();
        Tensor real = tensor(_real, dtype: ScalarType.Float64).requires_grad_(),
            generated = tensor(_generated, dtype: ScalarType.Float64).requires_grad_();
        Tensor value = loss(real, generated);
        Assert.AreEqual(_real.Zip(_generated, formula).Average(), value.item<double>(), 1e-8);

        value.backward();
        const double step = 1e-5;
        CheckSlopes("real", real, i => formula(_real[i] + step, _generated[i]) - formula(_real[i] - step, _generated[i]));
        CheckSlopes("generated", generated, i => formula(_real[i], _generated[i] + step) - formula(_real[i], _generated[i] - step));

        void CheckSlopes(string which, Tensor logits, Func<int, double> difference)
        {
            double[] slopes = logits.grad?.data<double>().ToArray() ?? new double[_real.Length];
            for (int i = 0; i < slopes.Length; i++)
                Assert.AreEqual(difference(i) / (2 * step) / slopes.Length, slopes[i], 1e-8, $"slope at {which} logit {i}");
        }
    }
}
