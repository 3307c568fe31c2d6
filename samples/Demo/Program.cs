using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Report;
using Microsoft.ML.Dcgan.Tool.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>
/// Makes a folder of pictures, trains a DCGAN on them in an ML.NET pipeline, shows what it generates, and has a second process
/// generate the same from the saved model.
/// </summary>
internal static class Program
{
    private const int Seed = 1;

    // As many as a short animation has frames, each of so many pictures.
    private const int Looks = 48;
    private const int PicturesInLook = 16;

    private static int Main(string[] arguments) =>
        DemoOptions.Run(arguments, options => options.Reload is { } zip ? SecondProcess.Draw(zip) : Demonstrate(options));

    private static int Demonstrate(DemoOptions options)
    {
        using var interruption = new Interruption();
        var output = new CommandOutput(Console.Out, Console.Error, json: false);
        DemoText.Introduce(options);
        if (File.Exists(Path.Combine(options.Output, RunFile.FileName)))
            throw new UsageException($"'{options.Output}' has a training of dcgan: name another --out");
        var results = new RunFolder(options.Output);
        using FolderLock busy = results.Lock();
        results.Prepare(Path.Combine(options.Output, "checkpoints"), overwrite: true);
        IReadOnlyList<string> files = MakePictures(options, output, interruption.Token);
        var ml = new MLContext(Seed);
        ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
                output.Note(entry.RawMessage);
        };

        // Files become pictures of one size, these become pixels in [-1, 1], and from them the network learns to make such pictures.
        var record = new TrainingRecord(options.Output);
        var pictures = ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path",
            imageWidth: options.Size.Width, imageHeight: options.Size.Height);
        var colours = options.IsGrey ? ImagePixelExtractingEstimator.ColorBits.Red : ImagePixelExtractingEstimator.ColorBits.Rgb;
        using DcganTransformer gan = new LongJob(output).Run("training", report => pictures
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image", colours, offsetImage: 127.5f, scaleImage: 1 / 127.5f))
            .Append(ml.Transforms.Dcgan(Training(options, files.Count, record, report, interruption.Token)))
            .Fit(Rows(ml, files))
            .LastTransformer);

        // Of noise it makes new pictures; beside them go training pictures from everywhere in the set, always the same.
        IDataView noise = gan.SampleNoise(SampleGrid.Pictures, SecondProcess.NoiseSeed);
        SampleGrid.Save(gan.Transform(noise), "Generated", Result("samples.png"));
        IDataView some = Rows(ml, Chosen(files));
        SampleGrid.Save(pictures.Fit(some).Transform(some), "Image", Result("real.png"));

        string zip = Result($"{options.Name}.zip");
        Save(ml, gan, noise.Schema, zip);
        record.ToAnimation().Save(Result("training.gif"));
        new TrainingReport(gan)
        {
            Title = $"DCGAN: {options.Name}",
            ModelPath = Path.GetFileName(zip),
            Record = record
        }.Save(Result("report.html"));
        string? difference = SecondProcess.Differs(zip, Result("samples.png"), options.Size);
        if (difference != null && interruption.Token.IsCancellationRequested && !gan.Summary.Cancelled)
        {
            output.Note("Interrupted before the check; all else is written.");
            return ExitCode.Interrupted;
        }

        DemoText.Tell(options, gan.Summary, zip, difference);
        return difference != null ? ExitCode.Failed : gan.Summary.Cancelled ? ExitCode.Interrupted : ExitCode.Done;

        string Result(string name) => Path.Combine(options.Output, name);
    }

    // A disk that fills up is not left with half a model.
    private static void Save(MLContext ml, DcganTransformer gan, DataViewSchema schema, string zip)
    {
        string partial = zip + ".partial";
        try
        {
            ml.Model.Save(gan, schema, partial);
            File.Move(partial, zip, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static DcganEstimator.Options Training(DemoOptions options, int pictures, TrainingRecord record, Action<JobProgress> report,
        CancellationToken cancellation)
    {
        var figures = new TrainingFigures();
        int epochs = options.Epochs(pictures);
        var training = new DcganEstimator.Options
        {
            OutputColumnName = "Generated",
            NoiseColumnName = "Noise",
            ImageColumnName = "Pixels",
            // Fewer than the default's 64, for the time that it takes.
            GeneratorFeatureMaps = 32,
            DiscriminatorFeatureMaps = 32,
            Epochs = epochs,
            // One file that cannot be read is named and left out.
            BadImages = DcganBadImages.Skip,
            // 0, the record's own, where it is open how long training takes.
            SampleInterval = epochs > 0 ? Math.Max(1, (long)epochs * pictures / Looks) : 0,
            SampleCount = PicturesInLook,
            ProgressInterval = 10,
            Progress = progress => report(figures.Of(progress)),
            CancellationToken = cancellation,
        };
        record.Attach(training);
        return training;
    }

    private static IReadOnlyList<string> MakePictures(DemoOptions options, CommandOutput output, CancellationToken cancellation) =>
        new LongJob(output).Run("making pictures", report => TrainingPictures.Files(options, share =>
        {
            cancellation.ThrowIfCancellationRequested();
            report(new JobProgress("making pictures", share));
        }));

    private static IDataView Rows(MLContext ml, IEnumerable<string> files) =>
        ml.Data.LoadFromEnumerable(files.Select(path => new ImageFile(path)));

    private static IEnumerable<string> Chosen(IReadOnlyList<string> files)
    {
        string[] all = [.. files];
        new Random(Seed).Shuffle(all);
        return all.Take(SampleGrid.Pictures);
    }

    private sealed record ImageFile(string Path);
}
