using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>A folder that a test works in, with pictures where it asks for them.</summary>
internal sealed class ToolFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dcgan-tool-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Writes pictures of 12x10 pixels, half of them in a folder "left" and half in "right", and returns the folder.</summary>
    public string Pictures(int count = 12)
    {
        foreach ((string label, int first) in new[] { ("left", 0), ("right", count / 2) })
        {
            Directory.CreateDirectory(this[$"pictures/{label}"]);
            for (int i = 0; i < count / 2; i++)
            {
                using MLImage image = Tests.Pictures.Image(first + i, 10, 12);
                image.Save(this[$"pictures/{label}/{i:000}.png"]);
            }
        }
        return this["pictures"];
    }

    /// <summary>Saves a generator of 16x12 pictures that is hardly trained.</summary>
    public string Model()
    {
        var ml = new MLContext(seed: 1);
        using DcganTransformer gan = Tests.Pictures.SmallModel(ml);
        ml.Model.Save(gan, gan.SampleNoise(1).Schema, this["model.zip"]);
        return this["model.zip"];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
