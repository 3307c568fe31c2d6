using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchOptimizerTests
{
    private static readonly float[] Start = [0.5f, -1, 2, 0];

    // A quadratic's gradient, so that every step has another one.
    private static Tensor Loss(Parameter parameter) => (parameter * parameter * arange(1, 5)).sum();

    [TestMethod]
    [DataRow(0.0, false)]
    [DataRow(0.1, false)]
    [DataRow(0.0, true)]
    public void AdamFollowsItsFormula(double decay, bool amsgrad)
    {
        const double Rate = 0.01, Beta1 = 0.5, Beta2 = 0.99, Epsilon = 1e-8;
        using DisposeScope scope = NewDisposeScope();
        Parameter parameter = nn.Parameter(tensor(Start));
        using Adam adam = optim.Adam([parameter], Rate, Beta1, Beta2, Epsilon, decay, amsgrad);

        double[] x = [.. Start], m = new double[4], v = new double[4], top = new double[4];
        for (int step = 1; step <= 10; step++)
        {
            adam.zero_grad();
            Loss(parameter).backward();
            adam.step();
            for (int i = 0; i < x.Length; i++)
            {
                double gradient = 2 * (i + 1) * x[i] + decay * x[i];
                m[i] = Beta1 * m[i] + (1 - Beta1) * gradient;
                v[i] = Beta2 * v[i] + (1 - Beta2) * gradient * gradient;
                top[i] = amsgrad ? Math.Max(top[i], v[i]) : v[i];
                x[i] -= Rate * m[i] / (1 - Math.Pow(Beta1, step)) / (Math.Sqrt(top[i] / (1 - Math.Pow(Beta2, step))) + Epsilon);
            }
        }

        float[] found = parameter.data<float>().ToArray();
        for (int i = 0; i < x.Length; i++)
            Assert.AreEqual(x[i], found[i], 1e-5);
    }

    [TestMethod]
    public void GroupsHaveTheirOwnRates()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter slow = nn.Parameter(ones(1)), fast = nn.Parameter(ones(1));
        using Adam adam = optim.Adam([new Adam.ParamGroup([slow], lr: 0.01, beta1: 0.5), new Adam.ParamGroup([fast], lr: 0.1)]);
        (slow + fast).backward();
        adam.step();

        // Adam's first step is the rate, whatever the gradient.
        Assert.AreEqual(0.99f, slow.item<float>(), 1e-5f);
        Assert.AreEqual(0.9f, fast.item<float>(), 1e-5f);

        adam.ParamGroups.First().LearningRate = 0;
        adam.step();
        Assert.AreEqual(0.99f, slow.item<float>(), 1e-5f);
        Assert.AreEqual(0.01, adam.ParamGroups.First().InitialLearningRate);
    }

    [TestMethod]
    public void AnOptimizerWithAnothersStateGoesOnAsIt()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter first = nn.Parameter(tensor(Start)), second = nn.Parameter(tensor(Start));
        using Adam source = optim.Adam([first], 0.05, 0.5, 0.9), copy = optim.Adam([second]);
        for (int i = 0; i < 3; i++)
            Step(source, first);
        using (no_grad())
            second.copy_(first);
        copy.load_state_dict(source.state_dict());
        Step(source, first);
        Step(copy, second);

        CollectionAssert.AreEqual(first.data<float>().ToArray(), second.data<float>().ToArray());
        Assert.AreEqual(4, ((Adam.State)copy.state_dict().State.Single()).step);
    }

    [TestMethod]
    public void ZeroGradFillsWithZeros()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter parameter = nn.Parameter(tensor(Start));
        using Adam adam = optim.Adam([parameter]);
        Loss(parameter).backward();
        adam.zero_grad();

        Assert.IsTrue(parameter.grad!.eq(0).all().ToBoolean());
    }

    [TestMethod]
    public void GradientDescentWithMomentumFollowsItsFormula()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter parameter = nn.Parameter(tensor(Start));
        using SGD descent = optim.SGD([parameter], 0.01, momentum: 0.9);
        double[] x = [.. Start], velocity = new double[4];
        for (int step = 0; step < 5; step++)
        {
            Step(descent, parameter);
            for (int i = 0; i < x.Length; i++)
            {
                velocity[i] = 0.9 * velocity[i] + 2 * (i + 1) * x[i];
                x[i] -= 0.01 * velocity[i];
            }
        }

        float[] found = parameter.data<float>().ToArray();
        for (int i = 0; i < x.Length; i++)
            Assert.AreEqual(x[i], found[i], 1e-5);
    }

    [TestMethod]
    public void SettingsOutOfRangeAreRefused()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter parameter = nn.Parameter(ones(1));

        Assert.ThrowsExactly<ArgumentException>(() => optim.Adam([parameter], lr: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adam([parameter], beta1: 1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.SGD([parameter], 0.1, momentum: -1));
    }

    private static void Step(OptimizerHelper optimizer, Parameter parameter)
    {
        optimizer.zero_grad();
        Loss(parameter).backward();
        optimizer.step();
    }
}
