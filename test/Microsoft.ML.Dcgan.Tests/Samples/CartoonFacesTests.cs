using System.Security.Cryptography;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Samples.Demo;

namespace Microsoft.ML.Dcgan.Tests.Samples;

[TestClass]
public class CartoonFacesTests
{
    private static readonly byte[][] _faces = [.. CartoonFaces.Draw(400).Select(Pixels)];

    [TestMethod]
    public void Draw_GivesTheSamePicturesOnEveryMachine()
    {
        byte[] hash = SHA256.HashData(_faces.Take(200).SelectMany(face => face).ToArray());

        Assert.AreEqual("16B2C1CD537F90B6", Convert.ToHexString(hash)[..16],
            "Another drawing is another training set: look at it, train on it, and change this.");
    }

    [TestMethod]
    public void Draw_GoesOnWithTheSamePictures_HoweverManyAreAskedFor() =>
        CollectionAssert.AreEqual(_faces.Take(5).SelectMany(face => face).ToArray(), CartoonFaces.Draw(5).SelectMany(Pixels).ToArray());

    [TestMethod]
    public void Draw_GivesOpaquePictures_EachDifferent()
    {
        foreach (byte[] face in _faces)
        {
            Assert.HasCount(64 * 64 * 4, face);
            Assert.IsTrue(face.Where((_, i) => i % 4 == 3).All(alpha => alpha == 255));
        }
        Assert.HasCount(_faces.Length, _faces.Select(Convert.ToHexString).ToHashSet());
    }

    [TestMethod]
    public void Draw_VariesWhatAFaceHas()
    {
        Assert.HasCount(7, Colours(2, 40), "backgrounds");
        Assert.HasCount(6, Colours(32, 55), "skins");
        Assert.IsGreaterThan(10, Colours(32, 20).Count, "hair and hats");
        Assert.IsGreaterThan(3, Colours(32, 47).Count, "mouths");
        Assert.IsGreaterThan(3, Colours(40, 36).Count, "eyes and glasses");
        Assert.HasCount(6, Colours(20, 63), "shirts");
    }

    private static HashSet<string> Colours(int x, int y) => [.. _faces.Select(face => Convert.ToHexString(face, (y * 64 + x) * 4, 3))];

    private static byte[] Pixels(MLImage face)
    {
        using (face)
        {
            Assert.AreEqual((64, 64, MLPixelFormat.Rgba32), (face.Width, face.Height, face.PixelFormat));
            return face.Pixels.ToArray();
        }
    }
}
