using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>The training set as the files that a user would have.</summary>
internal static class TrainingPictures
{
    /// <summary>Finds the user's pictures, or makes the demo's.</summary>
    /// <param name="options">Which.</param>
    /// <param name="made">Told what share of them has been made, each time.</param>
    public static IReadOnlyList<string> Files(DemoOptions options, Action<double> made)
    {
        if (options.Images is { } folder)
        {
            return [.. PictureFolder.Find(folder, Console.Error.WriteLine, options.Count, without: options.Output)
                .Select(picture => picture.Path)];
        }
        IEnumerable<MLImage> pictures = options.FashionMnist is { } source ? FashionMnist.Read(source, options.Count)
            : CartoonFaces.Draw(options.Count);
        return Write(pictures, Path.Combine(options.Output, "images"), count => made((double)count / options.Count));
    }

    private static List<string> Write(IEnumerable<MLImage> pictures, string folder, Action<int> written)
    {
        Claim(folder);
        var files = new List<string>();
        foreach (MLImage picture in pictures)
        {
            // A run that is stopped leaves no half file under a picture's name.
            string file = Path.Combine(folder, $"{files.Count:D5}.png"), partial = Path.Combine(folder, ".partial.png");
            using (picture)
                picture.Save(partial);
            File.Move(partial, file, overwrite: true);
            files.Add(file);
            written(files.Count);
        }
        foreach (string surplus in Directory.GetFiles(folder, "*.png").Except(files))
            File.Delete(surplus);
        return files;
    }

    // What is in a folder that the demo did not make is somebody's, and stays as it is.
    private static void Claim(string folder)
    {
        string mark = Path.Combine(folder, ".made-by-the-demo");
        if (Directory.Exists(folder) && !File.Exists(mark) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new UsageException($"'{folder}' has files that the demo did not make, and would be filled with its training set: name another --out");
        Directory.CreateDirectory(folder);
        File.WriteAllText(mark, "");
    }
}
