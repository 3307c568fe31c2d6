using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class SpectralConvolutionTests
{
    private static readonly Resampling _halving = new(AxisResampling.Halving(4, 4), AxisResampling.Halving(4, 4));

    // From torch.nn.utils.spectral_norm: see test/python/spectral_norm.py.
    [TestMethod]
    public void Computes_what_PyTorch_computes()
    {
        using var scope = NewDisposeScope();
        using var convolution = new SpectralConvolution(2, 3, _halving);
        using (no_grad())
        {
            convolution.Weight.copy_((arange(96, dtype: ScalarType.Float32) + 1).sin().view(3, 2, 4, 4));
            convolution.get_buffer("weight_u")!.copy_(tensor(new float[] { 1, 2, 3 }) / Math.Sqrt(14));
        }
        Tensor images = arange(64, dtype: ScalarType.Float32).cos().view(2, 2, 4, 4);

        Tensor output = convolution.call(images);
        output.square().sum().backward();

        Begins("u", [0.4633610f, 0.6431259f, 0.6096604f], convolution.get_buffer("weight_u")!);
        Begins("v", [0.2416723f, 0.0857291f, -0.1490331f, -0.2467749f, -0.1176330f, 0.1196602f], convolution.get_buffer("weight_v")!);
        Begins("output", [-0.4188766f, -1.1171018f, -1.3401402f, 1.0966934f, 0.4164429f, -1.4675983f], output);
        Begins("gradient", [-0.5120559f, 0.7608370f, 0.6707131f, 0.3265514f, -0.5071517f, -0.9089195f], convolution.Weight.grad!);
        convolution.eval();
        Begins("evaluated", [-0.4188766f, -1.1171018f, -1.3401402f, 1.0966934f, 0.4164429f, -1.4675983f], convolution.call(images));
    }

    [TestMethod]
    public void Divides_by_the_largest_singular_value()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = Networks(random);
        Tensor images = rand([2, 3, 20, 17], generator: random);
        for (int i = 0; i < 300; i++)
            networks.Discriminator.call(images);

        foreach (SpectralConvolution convolution in networks.Discriminator.modules().OfType<SpectralConvolution>())
        {
            // The weights as they are used are what comes of a picture of one white pixel after another.
            Tensor weight = convolution.Weight.detach();
            long[] sizes = weight.shape;
            Tensor pixels = eye(sizes[1] * sizes[2] * sizes[3]).view(-1, sizes[1], sizes[2], sizes[3]);
            using var whole = new SpectralConvolution(sizes[1], sizes[0],
                new Resampling(AxisResampling.Whole((int)sizes[2]), AxisResampling.Whole((int)sizes[3])));
            foreach ((string name, Tensor tensor) in whole.state_dict())
                tensor.copy_(convolution.state_dict()[name]);
            whole.eval();
            Tensor used = whole.call(pixels).flatten(1).t().to(ScalarType.Float64);

            Assert.AreEqual(1, Math.Sqrt(linalg.eigvalsh(used.mm(used.t())).max().item<double>()), 1e-4, string.Join("x", sizes));
        }
    }

    [TestMethod]
    public void Begins_near_the_largest_singular_value()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = Networks(random);

        foreach (SpectralConvolution convolution in networks.Discriminator.modules().OfType<SpectralConvolution>())
        {
            Tensor matrix = convolution.Weight.detach().reshape(convolution.Weight.shape[0], -1).to(ScalarType.Float64);
            double largest = Math.Sqrt(linalg.eigvalsh(matrix.mm(matrix.t())).max().item<double>());
            double found = convolution.get_buffer("weight_u")!.to(ScalarType.Float64).dot(
                matrix.mv(convolution.get_buffer("weight_v")!.to(ScalarType.Float64))).item<double>();
            Assert.IsTrue(found <= largest * (1 + 1e-6) && found >= 0.95 * largest, $"{found} of {largest}");
        }
    }

    [TestMethod]
    public void Iterates_once_a_pass_of_training_and_never_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = Networks(random);
        SpectralConvolution convolution = networks.Discriminator.modules().OfType<SpectralConvolution>().ElementAt(1);
        Tensor images = rand([2, 3, 20, 17], generator: random);
        Tensor matrix = convolution.Weight.detach().reshape(convolution.Weight.shape[0], -1);
        Tensor before = convolution.get_buffer("weight_u")!.clone();

        networks.Discriminator.eval();
        networks.Discriminator.call(images);
        Assert.AreEqual(0, (before - convolution.get_buffer("weight_u")!).abs().max().item<float>());

        networks.Discriminator.train();
        networks.Discriminator.call(images);
        Tensor expected = matrix.mv(matrix.t().mv(before));
        Assert.AreEqual(0, (expected / expected.norm() - convolution.get_buffer("weight_u")!).abs().max().item<float>(), 1e-5);
        Assert.IsTrue((before - convolution.get_buffer("weight_u")!).abs().max().item<float>() > 1e-4, "nothing moved");
    }

    // Of the squared gradient by the images, as penalties take it: twice backward, against finite differences.
    [TestMethod]
    public void Gradients_of_gradients_are_right()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = Networks(random);
        Discriminator discriminator = networks.Discriminator;
        discriminator.to(ScalarType.Float64);
        discriminator.eval();
        Tensor images = rand([2, 3, 20, 17], ScalarType.Float64, generator: random).requires_grad_();

        Penalty().backward();

        foreach (SpectralConvolution convolution in discriminator.modules().OfType<SpectralConvolution>())
        {
            Tensor direction = randn(convolution.Weight.shape, ScalarType.Float64, generator: random);
            double expected = (Moved(direction, 1e-8) - Moved(direction, -1e-8)) / 2e-8;
            Assert.AreEqual(expected, (convolution.Weight.grad! * direction).sum().item<double>(), 1e-5 * Math.Abs(expected) + 1e-9);

            double Moved(Tensor by, double length)
            {
                using (no_grad())
                    convolution.Weight.add_(by * length);
                double penalty = Penalty().item<double>();
                using (no_grad())
                    convolution.Weight.sub_(by * length);
                return penalty;
            }
        }

        Tensor Penalty() => autograd.grad([discriminator.call(images).sum()], [images], retain_graph: true,
            create_graph: true)[0].square().sum();
    }

    [TestMethod]
    public void Weights_laid_flat_compute_the_same()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = Networks(random);
        networks.Discriminator.eval();
        Tensor images = rand([2, 3, 20, 17], generator: random);
        Tensor before = networks.Discriminator.call(images).detach();

        using var flat = new FlatParameters(networks.Discriminator);

        Assert.AreEqual(0, (before - networks.Discriminator.call(images)).abs().max().item<float>());
    }

    [TestMethod]
    public void The_scopes_of_callers_do_not_take_the_vectors()
    {
        using var random = new torch.Generator(1, CPU);
        GanNetworks networks;
        using (NewDisposeScope())
            networks = Networks(random);
        using (networks)
        using (var scope = NewDisposeScope())
            Assert.AreEqual(2, networks.Discriminator.call(rand([2, 3, 20, 17], generator: random)).shape[0]);
    }

    private static GanNetworks Networks(torch.Generator random)
    {
        var networks = new GanNetworks(new NetworkShape(20, 17, 3, 5, 3, 4, 4) { DiscriminatorNormalization = DcganNormalization.Spectral },
            CPU);
        networks.Initialize(random);
        return networks;
    }

    private static void Begins(string what, float[] expected, Tensor actual)
    {
        float[] numbers = actual.detach().contiguous().data<float>().ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], numbers[i], 2e-6f, $"{what}, number {i}");
    }
}
