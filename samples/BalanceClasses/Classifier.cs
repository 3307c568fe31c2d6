using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Samples.BalanceClasses;

/// <summary>A small convolutional network that names what is on a picture.</summary>
internal sealed class Classifier : IDisposable
{
    private const int BatchSize = 64;
    private const double LearningRate = 1e-3;

    private readonly Sequential _network;

    private Classifier(int seed)
    {
        manual_seed(seed);
        _network = nn.Sequential(
            nn.Conv2d(1, 16, 4, stride: 2, padding: 1), nn.ReLU(),
            nn.Conv2d(16, 32, 4, stride: 2, padding: 1), nn.ReLU(),
            nn.Conv2d(32, 64, 4, stride: 2, padding: 1), nn.ReLU(),
            nn.Flatten(), nn.Linear(64 * 4 * 4, Garment.Kinds.Length));
    }

    /// <param name="garments">What to learn from.</param>
    /// <param name="steps">How many minibatches: as many for each set that is compared.</param>
    /// <param name="seed">Of the weights and the order.</param>
    public static Classifier Train(IReadOnlyList<Garment> garments, int steps, int seed)
    {
        var classifier = new Classifier(seed);
        using var scope = NewDisposeScope();
        using Adam adam = optim.Adam(classifier._network.parameters(), LearningRate);
        Tensor pictures = Pictures(garments), labels = Labels(garments);
        Tensor order = randperm(garments.Count, ScalarType.Int64);
        classifier._network.train();
        for (int step = 0; step < steps; step++)
        {
            if (order.shape[0] < BatchSize)
                order = cat([order, randperm(garments.Count, ScalarType.Int64)]);
            using var _ = NewDisposeScope();
            Tensor minibatch = order.narrow(0, 0, BatchSize);
            adam.zero_grad();
            nn.functional.cross_entropy(classifier._network.call(pictures.index_select(0, minibatch)),
                labels.index_select(0, minibatch)).backward();
            adam.step();
            order = order.narrow(0, BatchSize, order.shape[0] - BatchSize).MoveToOuterDisposeScope();
        }
        classifier._network.eval();
        return classifier;
    }

    /// <summary>The kinds it sees, in the pictures' order.</summary>
    public string[] Name(IReadOnlyList<Garment> garments)
    {
        using var _ = no_grad();
        return garments.Chunk(1000).SelectMany(chunk =>
        {
            using var scope = NewDisposeScope();
            return _network.call(Pictures(chunk)).argmax(1).data<long>().ToArray().Select(index => Garment.Kinds[index]);
        }).ToArray();
    }

    public void Dispose() => _network.Dispose();

    private static Tensor Pictures(IReadOnlyList<Garment> garments) =>
        tensor(garments.SelectMany(garment => garment.Pixels).ToArray(), [garments.Count, 1, Garment.Side, Garment.Side]);

    private static Tensor Labels(IReadOnlyList<Garment> garments) =>
        tensor(garments.Select(garment => (long)Array.IndexOf(Garment.Kinds, garment.Kind)).ToArray());
}
