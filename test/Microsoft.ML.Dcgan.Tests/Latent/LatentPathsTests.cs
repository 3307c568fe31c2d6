using static Microsoft.ML.Dcgan.Tests.Latent.LatentVectorsTests;

namespace Microsoft.ML.Dcgan.Tests.Latent;

[TestClass]
public sealed class LatentPathsTests
{
    private static readonly float[][] _axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

    [TestMethod]
    public void A_way_meets_its_stops_and_goes_in_equal_steps()
    {
        float[][] way = LatentPaths.Interpolate(_axes, 7);
        double third = Math.PI / 6;
        Near([1, 0, 0], way[0]);
        Near([Math.Cos(third), Math.Sin(third), 0], way[1]);
        Near([0, 1, 0], way[3]);
        Near([0, Math.Cos(2 * third), Math.Sin(2 * third)], way[5]);
        Near([0, 0, 1], way[6]);
    }

    [TestMethod]
    public void A_closed_way_returns_without_repeating_its_start()
    {
        float[][] way = LatentPaths.Interpolate(_axes, 6, closed: true);
        Near([0, 1, 0], way[2]);
        Near([0, 0, 1], way[4]);
        Near([Math.Sqrt(0.5), 0, Math.Sqrt(0.5)], way[5]);
    }

    [TestMethod]
    public void Uniform_noise_goes_straight_and_stays_inside()
    {
        float[][] way = LatentPaths.Interpolate([[-1, 0.5f], [0.9f, -0.5f]], 3, distribution: DcganNoise.Uniform);
        Near([-0.05, 0], way[1]);
    }

    [TestMethod]
    public void Opposite_stops_are_fine_where_no_way_leads_from_one_to_the_other() =>
        Assert.HasCount(9, LatentPaths.Interpolate([[1, 0], [0, 1], [-1, 0], [0, -1]], 9, closed: true));

    [TestMethod]
    public void A_walk_is_the_Fourier_series_of_the_noise_of_its_seed()
    {
        float[][] walk = LatentPaths.Walk(5, 8, seed: 3, harmonics: 2);
        using DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));    // of 6 numbers
        float[][] drawn = gan.DrawNoise(4, seed: 3).ToArray();
        for (int frame = 0; frame < 8; frame++)
        {
            double t = 2 * Math.PI * frame / 8;
            Near(Enumerable.Range(0, 4).Select(i => (drawn[0][i] * Math.Cos(t) + drawn[1][i] * Math.Sin(t)
                + drawn[2][i] * Math.Cos(2 * t) + drawn[3][i] * Math.Sin(2 * t)) / Math.Sqrt(2)).ToArray(), walk[frame][..4], 1e-5);
        }
    }

    [TestMethod]
    public void A_walk_closes_smoothly_and_is_everywhere_as_long_as_a_draw()
    {
        float[][] walk = LatentPaths.Walk(2000, 60, seed: 1);
        double[] lengths = walk.Select(vector => Norm(vector)).ToArray();
        double[] steps = walk.Select((vector, i) => Norm(vector.Zip(walk[(i + 1) % 60], (a, b) => b - a))).ToArray();

        Assert.IsTrue(lengths.All(length => Math.Abs(length / Math.Sqrt(2000) - 1) < 0.08), "length of a draw");
        // The covariance of frames a step apart is the mean of cos(2 pi k / 60): no step stands out, the last one least.
        double expected = Math.Sqrt(2000 * (2 - Math.Cos(2 * Math.PI / 60) - Math.Cos(4 * Math.PI / 60)));
        Assert.IsTrue(steps.All(step => Math.Abs(step / expected - 1) < 0.1), "steps of one length");
    }

    [TestMethod]
    public void A_walk_of_more_frames_is_the_same_walk()
    {
        float[][] few = LatentPaths.Walk(7, 10, seed: 2), many = LatentPaths.Walk(7, 30, seed: 2);
        for (int i = 0; i < 10; i++)
            Near(few[i].Select(number => (double)number).ToArray(), many[3 * i], 1e-6);
        CollectionAssert.AreNotEqual(few[0], LatentPaths.Walk(7, 10, seed: 3)[0]);
    }

    [TestMethod]
    public void A_walk_of_uniform_noise_is_uniform()
    {
        foreach (float[] vector in LatentPaths.Walk(20_000, 3, seed: 5, DcganNoise.Uniform))
        {
            float[] ordered = vector.Order().ToArray();
            Assert.IsTrue(ordered[0] >= -1 && ordered[^1] < 1);
            // Kolmogorov's distance from the uniform distribution; beyond 1.63 / sqrt(n) it would be for one sample in a hundred.
            double distance = ordered.Select((number, i) => Math.Abs((number + 1) / 2 - (i + 0.5) / ordered.Length)).Max();
            Assert.IsTrue(distance < 1.63 / Math.Sqrt(ordered.Length), $"distance {distance}");
        }
    }

    [TestMethod]
    public void Ways_that_lead_nowhere_are_refused()
    {
        Refused("stops", "A way leads from one vector to another, but there are none.", () => LatentPaths.Interpolate([], 5));
        Refused("stops", "A way leads from one vector to another, but there is one.", () => LatentPaths.Interpolate([[1, 2]], 5));
        Refused("stops", "Vector 1 has 1 numbers, but the first has 2.", () => LatentPaths.Interpolate([[1, 2], [1]], 5));
        Refused("count", "1 vectors are asked for, but a way has 2 or more.", () => LatentPaths.Interpolate(_axes, 1));
        Refused("count", "1 vectors are asked for, but a way has 2 or more.", () => LatentPaths.Walk(5, 1));
        Refused("size", "size", () => LatentPaths.Walk(0, 10));
        Refused("harmonics", "harmonics", () => LatentPaths.Walk(5, 10, harmonics: 0));
        Refused("to", "The two vectors are opposite", () => LatentPaths.Interpolate([[1, 2], [-1, -2]], 5));
    }
}
