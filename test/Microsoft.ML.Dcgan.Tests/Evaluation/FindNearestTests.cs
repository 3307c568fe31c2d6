namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class FindNearestTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_copy_is_found_at_no_distance()
    {
        // Pictures 40, 3 and 17 of the training set.
        int[] rows = [40, 3, 17];
        IDataView copies = Pictures.View(_ml, rows.Select(i => Pictures.Pixels(i, 16, 12, 3)), 3, 16, 12);
        IReadOnlyList<NearestImages> nearest = _ml.ImageGeneration()
            .FindNearest(Pictures.View(_ml, 50, 16, 12, 3), copies, "Pixels", "Pixels");
        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, nearest.Select(images => images.GeneratedRow).ToArray());
        CollectionAssert.AreEqual(rows.Select(row => new NearestImage(row, 0)).ToArray(),
            nearest.Select(images => images.Neighbors.Single()).ToArray());
    }

    [TestMethod]
    public void Neighbors_come_nearest_first_from_all_blocks_of_a_long_view()
    {
        // More training rows than are read at once: 0, 1, 2, ... on a line.
        IDataView training = FeatureViews.Of(_ml, Enumerable.Range(0, 2500).Select(i => new[] { i, 0f }).ToArray());
        IDataView generated = FeatureViews.Of(_ml, [[2200.25f, 0], [1023.6f, 3]]);
        IReadOnlyList<NearestImages> nearest = _ml.ImageGeneration().FindNearest(training, generated, "Features", "Features", count: 3);
        CollectionAssert.AreEqual(new long[] { 2200, 2201, 2199 }, nearest[0].Neighbors.Select(image => image.TrainingRow).ToArray());
        CollectionAssert.AreEqual(new long[] { 1024, 1023, 1025 }, nearest[1].Neighbors.Select(image => image.TrainingRow).ToArray());
        Assert.AreEqual(0.25, nearest[0].Neighbors[0].Distance, 1e-5);
        Assert.AreEqual(Math.Sqrt(9 + 0.4 * 0.4), nearest[1].Neighbors[0].Distance, 1e-4);
    }

    [TestMethod]
    public void More_neighbors_than_training_rows_are_refused()
    {
        IDataView rows = FeatureViews.Of(_ml, [[0f], [1f]]);
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            _ml.ImageGeneration().FindNearest(rows, rows, "Features", "Features", count: 3));
        StringAssert.Contains(failure.Message, "The training view has 2 rows, but at least 3 are needed for 3 nearest images.");
    }
}
