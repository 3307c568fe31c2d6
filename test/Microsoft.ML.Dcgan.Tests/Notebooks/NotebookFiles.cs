using System.IO;
using System.IO.Compression;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>What the notebooks read, as small as it can be: pictures, a model, and a data set in Fashion-MNIST's format.</summary>
internal sealed class NotebookFiles
{
    private const int Side = 28, Kinds = 10;

    public NotebookFiles(DirectoryInfo folder)
    {
        Output = folder.CreateSubdirectory("output").FullName;
        Pictures = folder.CreateSubdirectory("pictures").FullName;
        for (int i = 0; i < 6; i++)
            SavePicture(Path.Combine(Pictures, $"{i}.png"), i);

        Model = Path.Combine(folder.FullName, "model.zip");
        SaveModel(Model);

        Garments = folder.CreateSubdirectory("garments").FullName;
        SaveGarments("train", 60);
        SaveGarments("t10k", 50);
    }

    public string Output { get; }

    public string Pictures { get; }

    public string Model { get; }

    public string Garments { get; }

    private static void SaveModel(string path)
    {
        var ml = new MLContext(seed: 1);
        using DcganTransformer gan = ml.Transforms.Dcgan("Generated", imageColumnName: "Pixels", epochs: 1, featureMaps: 4)
            .Fit(Tests.Pictures.View(ml, 4, 8, 8, 3));
        ml.Model.Save(gan, gan.SampleNoise(1).Schema, path);
    }

    private static void SavePicture(string path, int seed)
    {
        using MLImage image = Tests.Pictures.Image(seed, 10, 10);
        image.Save(path);
    }

    private void SaveGarments(string part, int count)
    {
        Zip($"{part}-images-idx3-ubyte.gz",
            [.. new byte[16], .. Enumerable.Range(0, count).SelectMany(i => Tests.Pictures.Bytes(i, Side, Side, 1))]);
        Zip($"{part}-labels-idx1-ubyte.gz", [.. new byte[8], .. Enumerable.Range(0, count).Select(i => (byte)(i % Kinds))]);
    }

    private void Zip(string name, byte[] bytes)
    {
        using var zipped = new GZipStream(File.Create(Path.Combine(Garments, name)), CompressionLevel.Fastest);
        zipped.Write(bytes);
    }
}
