using System;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Persistence;

/// <summary>Files that this library wrote before there were losses to choose from, classes and checkpoints.</summary>
[TestClass]
public sealed class OldFileTests
{
    [TestMethod]
    public void A_model_of_then_makes_the_pictures_of_then()
    {
        using var gan = (DcganTransformer)new MLContext().Model.Load(Reference("model-0.2.zip"), out _);

        byte[] pixels = gan.Generate(2, seed: 3).SelectMany(image => image.Pixels.ToArray().Where((_, i) => i % 4 != 3)).ToArray();

        byte[] expected = File.ReadAllBytes(Reference("model-0.2.bytes"));
        Assert.HasCount(expected.Length, pixels);
        Assert.IsTrue(expected.Zip(pixels, (a, b) => Math.Abs(a - b)).Max() <= 1);
        Assert.AreEqual(2L, gan.Summary.BestStep);
        Assert.IsEmpty(gan.Summary.Events);
    }

    [TestMethod]
    public void So_does_a_featurizer_of_then()
    {
        using var featurizer = (DcganFeaturizer)new MLContext().Model.Load(Reference("featurizer-0.2.zip"), out _);
        Assert.AreEqual(10, featurizer.ImageHeight);
        Assert.AreEqual("Features", featurizer.OutputColumnName);
    }

    [TestMethod]
    public void A_model_of_then_is_trained_further()
    {
        var ml = new MLContext(seed: 1);
        using var old = (DcganTransformer)ml.Model.Load(Reference("model-0.2.zip"), out _);
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.GeneratorFeatureMaps = options.DiscriminatorFeatureMaps = 2;
        using DcganTransformer further = ml.Transforms.Dcgan(options).Fit(Pictures.View(ml, 8, 10, 8, 3), old);
        Assert.AreEqual(2, further.Summary.Steps);
    }

    private static string Reference(string name) => Path.Combine(AppContext.BaseDirectory, "Reference", name);
}
