using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class ConditionalNetworksTests
{
    private static readonly NetworkShape _shape = new(12, 16, 3, 5, 4, 4, 4) { Classes = 3 };

    [TestMethod]
    public void The_label_stands_one_hot_behind_the_noise()
    {
        using var scope = NewDisposeScope();
        Tensor noise = tensor(new float[] { 0.5f, -1, 2, 3 }, [2, 2]);

        Tensor conditioned = _shape.WithLabels(noise, tensor(new long[] { 2, 0 }));

        CollectionAssert.AreEqual(new float[] { 0.5f, -1, 0, 0, 1, 2, 3, 1, 0, 0 }, conditioned.data<float>().ToArray());
        Assert.AreSame(noise, (_shape with { Classes = 0 }).WithLabels(noise, null));
    }

    [TestMethod]
    public void Counts_weights_as_the_networks_have_them()
    {
        using var scope = NewDisposeScope();
        using var networks = new GanNetworks(_shape, CPU);
        var plain = _shape with { Classes = 0 };

        Assert.AreEqual(networks.Generator.parameters().Sum(weight => weight.numel()), _shape.GeneratorParameters);
        Assert.AreEqual(networks.Discriminator.parameters().Sum(weight => weight.numel()), _shape.DiscriminatorParameters);

        // The base is 3x4, of 8 maps in both networks.
        Assert.AreEqual(3 * 8 * 12, _shape.GeneratorParameters - plain.GeneratorParameters);
        Assert.AreEqual(3 * 8 * 12, _shape.DiscriminatorParameters - plain.DiscriminatorParameters);
    }

    [TestMethod]
    public void A_logit_is_what_all_classes_share_and_the_classs_own_projection()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(_shape, CPU);
        networks.Initialize(random);
        networks.Discriminator.eval();
        Tensor images = rand([4, 3, 12, 16], generator: random) * 2 - 1;
        long[] labels = [2, 0, 1, 2];

        float[] logits = networks.Discriminator.Logits(images, tensor(labels)).data<float>().ToArray();
        float[] unlabelled = networks.Discriminator.call(images).data<float>().ToArray();

        // The features by the layers before the last, and inner products with its weights.
        Tensor hidden = networks.Discriminator.children().Single().children().Cast<nn.Module<Tensor, Tensor>>().SkipLast(1)
            .Aggregate(images, (features, layer) => layer.call(features));
        Tensor weights = networks.Discriminator.parameters().Last();
        for (int i = 0; i < labels.Length; i++)
        {
            double[] outputs = Enumerable.Range(0, 4).Select(at => (double)(hidden[i] * weights[at]).sum().item<float>()).ToArray();
            Assert.AreEqual(outputs[0] + outputs[1 + labels[i]], logits[i], 1e-6, $"image {i}");
            Assert.AreEqual(outputs[0] + outputs[1..].Max(), unlabelled[i], 1e-6, $"image {i} without its label");
        }
    }

    // Where Adam has never seen a gradient, it moves nothing.
    [TestMethod]
    public void A_step_teaches_both_networks_the_classes_that_it_has_and_no_others()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(_shape, CPU);
        networks.Initialize(random);
        Tensor generatorBefore = networks.Generator.parameters().First().detach().clone();
        Tensor discriminatorBefore = networks.Discriminator.parameters().Last().detach().clone();
        Tensor images = rand([4, 3, 12, 16], generator: random) * 2 - 1;

        using (var step = new TrainingStep(networks, LoopOptions.Create(4)))
            step.Run(images, randn([4, 5], generator: random), new StepContext(0, 1, random), tensor(new long[] { 1, 1, 2, 1 }));

        double[] inputs = Moved(networks.Generator.parameters().First() - generatorBefore);
        CollectionAssert.AreEqual(new[] { true, true, true, true, true, false, true, true }, inputs.Select(moved => moved > 0).ToArray());
        double[] outputs = Moved(networks.Discriminator.parameters().Last() - discriminatorBefore);
        CollectionAssert.AreEqual(new[] { true, false, true, true }, outputs.Select(moved => moved > 0).ToArray());

        static double[] Moved(Tensor change) =>
            Enumerable.Range(0, (int)change.shape[0]).Select(at => (double)change[at].abs().max().item<float>()).ToArray();
    }
}
