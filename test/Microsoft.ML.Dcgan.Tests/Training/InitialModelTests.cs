namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class InitialModelTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_loaded_model_is_trained_further_and_stays_as_it_is()
    {
        string file = Path.GetTempFileName();
        try
        {
            float[] dark = Enumerable.Repeat(-0.8f, 64).ToArray(), bright = Enumerable.Repeat(0.8f, 64).ToArray();
            using (DcganTransformer first = Fit(dark, 60, null))
                _ml.Model.Save(first, null, file);
            using var loaded = (DcganTransformer)_ml.Model.Load(file, out _);
            double before = Brightness(loaded);
            Assert.IsTrue(before < 70, $"{before}");

            // Too slow to learn anything new, so what it knows is what it was given.
            using DcganTransformer same = Fit(bright, 1, loaded, learningRate: 1e-30);
            Assert.AreEqual(before, Brightness(same), 40);
            using DcganTransformer further = Fit(bright, 60, loaded);
            Assert.IsTrue(Brightness(further) > 150, $"{Brightness(further)}");
            Assert.AreEqual(before, Brightness(loaded));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void Other_networks_are_refused_by_what_differs()
    {
        using DcganTransformer small = Pictures.SmallModel(_ml);
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.GeneratorFeatureMaps = 5;
        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 16, 12, 3), small));
        Assert.AreEqual("initialModel", failure.ParamName);
        StringAssert.Contains(failure.Message, "has GeneratorFeatureMaps 4, but the options and the images ask for 5");
        failure = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(Pictures.View(_ml, 8, 16, 16, 3), small));
        StringAssert.Contains(failure.Message, "has ImageWidth 12, but the options and the images ask for 16");
    }

    [TestMethod]
    public void Other_classes_are_refused()
    {
        using DcganTransformer first = LabelledPictures.Hasty(_ml);
        DcganEstimator estimator = _ml.Transforms.Dcgan(LabelledPictures.Options());
        using DcganTransformer further = estimator.Fit(LabelledPictures.View(_ml, 12), first);
        CollectionAssert.AreEqual(first.Classes.ToArray(), further.Classes.ToArray());

        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(() =>
            estimator.Fit(LabelledPictures.View(_ml, 8, nameof(LabelledRow.Size)), first));
        Assert.AreEqual("initialModel", failure.ParamName);
        StringAssert.Contains(failure.Message,
            "The initial model has the classes 'bright', 'dark', but column 'Class' has '2.5', '7'. Make keys of the same values in the same order");
        failure = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(LabelledPictures.View(_ml, 8), first));
        StringAssert.Contains(failure.Message, "has 2 classes, but the options and the images ask for 0");
    }

    [TestMethod]
    public void A_disposed_model_is_refused()
    {
        DcganTransformer small = Pictures.SmallModel(_ml);
        small.Dispose();
        Assert.Throws<ObjectDisposedException>(() =>
            _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(Pictures.View(_ml, 8, 16, 12, 3), small));
    }

    private DcganTransformer Fit(float[] picture, int epochs, DcganTransformer? initialModel, double learningRate = 2e-3)
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs);
        options.BatchSize = 16;
        options.LearningRate = learningRate;
        return _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, Enumerable.Repeat(picture, 64), 1, 8, 8), initialModel);
    }

    private static double Brightness(DcganTransformer gan) =>
        gan.Generate(16).Average(image => image.Pixels.ToArray().Where((_, i) => i % 4 == 0).Average(value => value));
}
