using Microsoft.ML.Data;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;
using static Microsoft.ML.Dcgan.Tests.Latent.LatentVectorsTests;

namespace Microsoft.ML.Dcgan.Tests.Latent;

/// <summary>Pictures and views of noise vectors that the user computed.</summary>
[TestClass]
public sealed class GivenNoiseTests
{
    private static readonly MLContext _ml = new(seed: 1);
    private static DcganTransformer _gan = null!;
    private static DcganTransformer _labelled = null!;

    [ClassInitialize]
    public static void Train(TestContext _) => (_gan, _labelled) = (Pictures.SmallModel(_ml), LabelledPictures.Hasty(_ml));

    [ClassCleanup]
    public static void DisposeModels()
    {
        _gan.Dispose();
        _labelled.Dispose();
    }

    [TestMethod]
    public void Drawn_noise_is_that_of_the_view_and_makes_its_pictures()
    {
        IReadOnlyList<float[]> noise = _gan.DrawNoise(70, seed: 3);
        float[][] ofView = _gan.SampleNoise(70, seed: 3).GetColumn<float[]>("Noise").ToArray();
        for (int i = 0; i < 70; i++)
            CollectionAssert.AreEqual(ofView[i], noise[i]);

        byte[][] expected = _gan.Generate(70, seed: 3).Select(Bytes).ToArray();
        CheckSame(expected, _gan.Generate(noise).Select(Bytes).ToArray());
        CheckSame(expected, Generated(_gan.Transform(_gan.NoiseView(noise))));
        Assert.AreEqual(DcganNoise.Normal, _gan.NoiseDistribution);
    }

    [TestMethod]
    public void A_view_of_noise_is_a_copy()
    {
        float[] vector = [1, 2, 3, 4, 5, 6];
        IDataView view = _gan.NoiseView([vector]);
        vector[0] = 9;
        Assert.AreEqual("Vector<Single, 6>", view.Schema["Noise"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, view.GetColumn<float[]>("Noise").Single());
    }

    [TestMethod]
    public void With_classes_given_noise_has_one_label_or_one_each()
    {
        IReadOnlyList<float[]> noise = _labelled.DrawNoise(4, seed: 3);
        byte[][] bright = _labelled.Generate(4, 3, "bright").Select(Bytes).ToArray(),
            dark = _labelled.Generate(4, 3, "dark").Select(Bytes).ToArray();
        CollectionAssert.AreNotEqual(bright[0], dark[0]);

        CheckSame(bright, _labelled.Generate(noise, ["bright"]).Select(Bytes).ToArray());
        CheckSame(bright, Column(_labelled.Transform(_labelled.NoiseView(noise, ["bright"]))));
        string[] labels = ["bright", "dark", "dark", "bright"];
        byte[][] mixed = _labelled.Generate(noise, labels).Select(Bytes).ToArray();
        for (int i = 0; i < 4; i++)
            CheckAlike(labels[i] == "bright" ? bright[i] : dark[i], mixed[i]);
        CheckSame(mixed, Column(_labelled.Transform(_labelled.NoiseView(noise, labels))));
    }

    [TestMethod]
    public void Principal_directions_are_orthonormal_and_stretch_the_first_layer_most()
    {
        float[][] directions = _gan.PrincipalDirections(6).ToArray();
        Dictionary<string, TorchSharp.torch.Tensor> weights = _gan.Networks.Generator.state_dict();
        float[] layer = weights["main.0.weight"].contiguous().data<float>().ToArray(),
            scale = weights["main.1.weight"].data<float>().ToArray();
        float[] variance = weights["main.1.running_var"].data<float>().ToArray();
        int outputs = layer.Length / 6, area = outputs / scale.Length;
        double[] gains = directions.Select(Gain).ToArray();

        // Eigenvectors, and no others, maximise one after another and share out all there is, the sum of squares.
        CollectionAssert.AreEqual(gains.OrderDescending().ToArray(), gains);
        double all = Enumerable.Range(0, 6 * outputs)
            .Sum(n => Math.Pow(layer[n] * scale[n % outputs / area], 2) / (variance[n % outputs / area] + 1e-5));
        Assert.AreEqual(all, gains.Sum(), 1e-4 * all);
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
                Assert.AreEqual(i == j ? 1 : 0, directions[i].Zip(directions[j], (a, b) => (double)a * b).Sum(), 1e-5);
            Assert.IsTrue(Gain(directions[0]) + 1e-6 >= Gain(Enumerable.Range(0, 6).Select(k => k == i ? 1f : 0).ToArray()),
                "none is stretched more than the first");
        }
        Refused("count", "7 directions are asked for, but there are from 1 to 6", () => _gan.PrincipalDirections(7));
        Refused("count", "0 directions are asked for", () => _gan.PrincipalDirections(0));
        Assert.HasCount(6, _labelled.PrincipalDirections(6)[5]);

        double Gain(float[] direction) => Enumerable.Range(0, outputs)
            .Sum(j => Math.Pow(Enumerable.Range(0, 6)
                .Sum(i => direction[i] * layer[i * outputs + j]) * scale[j / area] / Math.Sqrt(variance[j / area] + 1e-5), 2));
    }

    [TestMethod]
    public void Noise_that_does_not_fit_is_refused()
    {
        float[] six = new float[6];
        Refused("noise", "Noise vector 1 has 5 numbers, but this model's DrawNoise gives 6.", () => _gan.Generate([six, new float[5]]));
        Refused("noise", "Noise vector 0 has 0 numbers, but this model's DrawNoise gives 6.", () => _gan.NoiseView([null!]));
        Refused("noise", "Noise vector 0 holds NaN at 2, but noise must be finite numbers.", () =>
            _gan.Generate([[0, 0, float.NaN, 0, 0, 0]]));
        Refused("label", "A picture of 'cat' is asked for, but this model was trained without classes.", () =>
            _gan.Generate([six], ["cat"]));
        Refused("labels", "This model was trained on classes, and no label says of which the pictures are to be. Give one of: 'bright', 'dark'.", () => _labelled.NoiseView([six]));
        Refused("label", "There is no class 'cat'.", () => _labelled.Generate([six], ["cat"]));
        Refused("labels", "There are 2 labels, but 3 noise vectors: give one for all, or one for each.", () =>
            _labelled.Generate([six, six, six], ["dark", "dark"]));
        Assert.IsEmpty(_gan.Generate([]));
    }

    // 8x8, so not GeneratedRow.
    private static byte[][] Column(IDataView view)
    {
        var pictures = new List<byte[]>();
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(view.Schema["Generated"]);
        MLImage image = null!;
        while (cursor.MoveNext())
        {
            getter(ref image);
            pictures.Add(Bytes(image));
        }
        return pictures.ToArray();
    }
}
