using System;
using System.Linq;
using Microsoft.ML.Dcgan.Training;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class NonSaturatingLossTests
{
    private static readonly NonSaturatingLoss _loss = new();
    private static readonly double[] _logits = [-4.5, -1, 0, 0.3, 2, 6];

    private static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));

    [TestMethod]
    public void Equals_the_logarithms_of_the_formula()
    {
        Check(_loss.OnReal, logit => -Math.Log(Probability(logit)));
        Check(_loss.OnGenerated, logit => -Math.Log(1 - Probability(logit)));
        Check(_loss.OfGenerator, logit => -Math.Log(Probability(logit)));
    }

    [TestMethod]
    public void Stays_finite_where_the_logarithms_do_not()
    {
        using var scope = NewDisposeScope();
        Assert.AreEqual(200, _loss.OnGenerated(tensor(new float[] { 200 })).item<float>(), 1e-3);
        Assert.AreEqual(200, _loss.OfGenerator(tensor(new float[] { -200 })).item<float>(), 1e-3);
        Assert.AreEqual(0, _loss.OnReal(tensor(new float[] { 200 })).item<float>(), 1e-6);
    }

    private static void Check(Func<Tensor, Tensor> loss, Func<double, double> formula)
    {
        using var scope = NewDisposeScope();
        Tensor logits = tensor(_logits, dtype: ScalarType.Float64).requires_grad_();
        Tensor value = loss(logits).mean();
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
