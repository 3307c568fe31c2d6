using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public sealed class TorchOutputSizeTests
{
    private static readonly long[] _tooSmall = [8, 5];
    private static readonly long[] _tooLarge = [8, 8];
    private static readonly long[] _tooMany = [2, 2, 8, 6];

    // Three of stride 2 and kernel 4 with padding 1 make six, or seven with the padding of one side.
    [TestMethod]
    public void The_size_asked_for_is_the_size_made()
    {
        using var scope = NewDisposeScope();
        var layer = nn.ConvTranspose2d(2, 5, 4, stride: 2, padding: 1);
        Tensor input = randn(1, 2, 4, 3);
        CollectionAssert.AreEqual(new long[] { 1, 5, 8, 6 }, layer.forward(input, [8, 6]).shape);
        CollectionAssert.AreEqual(new long[] { 1, 5, 9, 7 }, layer.forward(input, [9, 7]).shape);
        CollectionAssert.AreEqual(new long[] { 1, 5, 8, 7 }, layer.forward(input, [1, 5, 8, 7]).shape);
        CollectionAssert.AreEqual(new long[] { 5, 8, 7 }, layer.forward(input[0], [8, 7]).shape);

        Tensor larger = layer.forward(input, [9, 7]);
        Assert.IsTrue(larger.narrow(2, 0, 8).narrow(3, 0, 6).allclose(layer.forward(input, null!), 1e-5, 1e-6));
    }

    [TestMethod]
    public void A_size_that_no_padding_gives_is_refused()
    {
        using var scope = NewDisposeScope();
        var layer = nn.ConvTranspose2d(2, 5, 4, stride: 2, padding: 1);
        Tensor input = randn(2, 4, 3);
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => layer.forward(input, _tooSmall)).Message, "valid sizes range from 6 to 7");
        Assert.Throws<ArgumentException>(() => layer.forward(input, _tooLarge));
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => layer.forward(input, _tooMany)).Message, "must have 2 or 3 elements (got 4)");
    }
}
