using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class AdversarialLossTests
{
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(4);
    private static readonly double[] _logits = [-4.5, -0.9, 0, 0.3, 2, 6];

    [TestMethod]
    [DataRow(DcganLoss.NonSaturating)]
    [DataRow(DcganLoss.Minimax)]
    [DataRow(DcganLoss.LeastSquares)]
    [DataRow(DcganLoss.Hinge)]
    [DataRow(DcganLoss.Wasserstein)]
    public void Equals_its_formula_and_slopes_as_it(DcganLoss name)
    {
        IAdversarialLoss loss = AdversarialLosses.Of(_settings with { Loss = name });
        var (onReal, onGenerated, ofGenerator) = Formulas(name);

        Check(logits => loss.OnReal(logits, default), onReal);
        Check(logits => loss.OnGenerated(logits, default), onGenerated);
        Check(loss.OfGenerator, ofGenerator);
    }

    [TestMethod]
    [DataRow(DcganLoss.NonSaturating, 200.0)]
    [DataRow(DcganLoss.Minimax, 0.0)]
    public void Logarithms_of_0_do_not_occur(DcganLoss name, double ofGenerator)
    {
        using var scope = NewDisposeScope();
        IAdversarialLoss loss = AdversarialLosses.Of(_settings with { Loss = name });
        Assert.AreEqual(0, loss.OnReal(tensor(new float[] { 200 }), default).item<float>(), 1e-6);
        Assert.AreEqual(200, loss.OnGenerated(tensor(new float[] { 200 }), default).item<float>(), 1e-3);
        Assert.AreEqual(ofGenerator, loss.OfGenerator(tensor(new float[] { -200 })).item<float>(), 1e-3);
    }

    [TestMethod]
    public void An_unknown_loss_is_no_silent_default() =>
        Assert.Throws<System.Diagnostics.UnreachableException>(() => AdversarialLosses.Of(_settings with { Loss = (DcganLoss)9 }));

    private static (Func<double, double> OnReal, Func<double, double> OnGenerated, Func<double, double> OfGenerator) Formulas(DcganLoss name)
    {
        Func<double, double> logD = logit => Math.Log(1 / (1 + Math.Exp(-logit)));
        Func<double, double> logNotD = logit => Math.Log(1 - 1 / (1 + Math.Exp(-logit)));
        return name switch
        {
            DcganLoss.NonSaturating => (d => -logD(d), d => -logNotD(d), d => -logD(d)),
            DcganLoss.Minimax => (d => -logD(d), d => -logNotD(d), logNotD),
            DcganLoss.LeastSquares => (d => 0.5 * Math.Pow(d - 1, 2), d => 0.5 * Math.Pow(d, 2), d => 0.5 * Math.Pow(d - 1, 2)),
            DcganLoss.Hinge => (d => -Math.Min(0, -1 + d), d => -Math.Min(0, -1 - d), d => -d),
            DcganLoss.Wasserstein => (d => -d, d => d, d => -d),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static void Check(Func<Tensor, Tensor> loss, Func<double, double> formula)
    {
        using var scope = NewDisposeScope();
        Tensor logits = tensor(_logits, dtype: ScalarType.Float64).requires_grad_();
        Tensor values = loss(logits);
        CollectionAssert.AreEqual(logits.shape, values.shape);
        Tensor value = values.mean();
        Assert.AreEqual(_logits.Average(formula), value.item<double>(), 1e-8);

        value.backward();
        double[] gradient = logits.grad!.data<double>().ToArray();
        const double step = 1e-5;
        for (int i = 0; i < _logits.Length; i++)
        {
            double difference = (formula(_logits[i] + step) - formula(_logits[i] - step)) / (2 * step) / _logits.Length;
            Assert.AreEqual(difference, gradient[i], 1e-8, $"gradient at {_logits[i]}");
        }
    }
}
