using System.Globalization;
using Microsoft.ML.Dcgan.Persistence;

namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>A folder of looks at a training, as PNG files that are named by images trained on.</summary>
internal sealed class SampleFolder
{
    private const string Extension = ".png";
    private readonly string _folder;
    private readonly List<TrainingFrame> _frames;

    /// <param name="folder">It is made where it is missing; what is in it is kept.</param>
    public SampleFolder(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        foreach (string partial in Directory.EnumerateFiles(folder, "*" + Extension + WholeFile.PartialExtension))
            File.Delete(partial);
        _frames = [.. from path in Directory.EnumerateFiles(folder, "*" + Extension)
                      let name = Path.GetFileNameWithoutExtension(path)
                      where long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                      let frame = new TrainingFrame(long.Parse(name, CultureInfo.InvariantCulture), path)
                      orderby frame.Images
                      select frame];
    }

    public IReadOnlyList<TrainingFrame> Frames => _frames;

    public void Add(TrainingSamples samples)
    {
        ForgetAfter(samples.Images - 1);
        string path = Path.Combine(_folder, samples.Images.ToString("D10", CultureInfo.InvariantCulture) + Extension);
        samples.ToGrid().Save(path);
        _frames.Add(new TrainingFrame(samples.Images, path));
    }

    /// <summary>What was seen later is from a training that did not last.</summary>
    public void ForgetAfter(long images)
    {
        foreach (TrainingFrame frame in _frames.Where(frame => frame.Images > images).ToArray())
        {
            File.Delete(frame.Path);
            _frames.Remove(frame);
        }
    }
}
