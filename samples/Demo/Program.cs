using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Output;
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

    // As many as a short animation has frames.
    private const int Looks = 60;

    private static int Main(string[] arguments) =>
        DemoOptions.Run(arguments, options => options.Reload is { } zip ? SecondProcess.Draw(zip) : Demonstrate(options));

    private static int Demonstrate(DemoOptions options)
    {
        using var interruption = new Interruption();
        var output = new CommandOutput(Console.Out, Console.Error, json: false);
        var bar = new LongJob(output);
        Introduce(options);
        new RunFolder(options.Output).Prepare(Path.Combine(options.Output, "checkpoints"), overwrite: true);
        IReadOnlyList<string> files = bar.Run("making pictures", report => TrainingPictures.Files(options, share =>
        {
            interruption.Token.ThrowIfCancellationRequested();
            report(new JobProgress("making pictures", share));
        }));
        DcganEstimator.Options training = Settings(options, files.Count);
        training.CancellationToken = interruption.Token;
        var record = new TrainingRecord(options.Output);
        record.Attach(training);

        // The pipeline: files, pictures of one size, their pixels in [-1, 1], and the network that learns to make such pictures.
        var ml = new MLContext(Seed);
        ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
                output.Note(entry.RawMessage);
        };
        var resized = ml.Transforms.LoadImages("Image", imageFolder: null, "Path")
            .Append(ml.Transforms.ResizeImages("Image", options.Size.Width, options.Size.Height));
        var colours = options.IsGrey ? ImagePixelExtractingEstimator.ColorBits.Red : ImagePixelExtractingEstimator.ColorBits.Rgb;
        var pixels = ml.Transforms.ExtractPixels("Pixels", "Image", colours, offsetImage: 127.5f, scaleImage: 1 / 127.5f);
        IDataView images = ml.Data.LoadFromEnumerable(files.Select(path => new ImageFile(path)));
        using DcganTransformer gan = bar.Run("training", report =>
        {
            var figures = new TrainingFigures();
            training.Progress += progress => report(figures.Of(progress));
            return resized.Append(pixels).Append(ml.Transforms.Dcgan(training)).Fit(images).LastTransformer;
        });

        // New pictures, of noise.
        IDataView noise = gan.SampleNoise(SampleGrid.Pictures, SecondProcess.NoiseSeed);
        SampleGrid.Save(gan.Transform(noise), "Generated", Result("samples.png"));

        // Training pictures beside them: some from everywhere in the set, always the same.
        IDataView some = ml.Data.LoadFromEnumerable(Chosen(files).Select(path => new ImageFile(path)));
        SampleGrid.Save(resized.Fit(some).Transform(some), "Image", Result("real.png"));

        string zip = Result($"{options.Name}.zip");
        ml.Model.Save(gan, noise.Schema, zip + ".partial");
        File.Move(zip + ".partial", zip, overwrite: true);
        record.ToAnimation().Save(Result("training.gif"));
        TrainingReport.Save(Result("report.html"), gan, record, new TrainingReportOptions { Title = $"DCGAN: {options.Name}", ModelPath = Path.GetFileName(zip) });
        string? difference = SecondProcess.Differs(zip, Result("samples.png"), options.Size);

        Tell(options, gan.Summary, zip, difference);
        return difference != null ? ExitCode.Failed : gan.Summary.Cancelled ? ExitCode.Interrupted : ExitCode.Done;

        string Result(string name) => Path.Combine(options.Output, name);
    }

    private static DcganEstimator.Options Settings(DemoOptions options, int pictures)
    {
        int epochs = options.Epochs(pictures);
        return new DcganEstimator.Options
        {
            OutputColumnName = "Generated",
            NoiseColumnName = "Noise",
            ImageColumnName = "Pixels",
            GeneratorFeatureMaps = 32,
            DiscriminatorFeatureMaps = 32,
            Epochs = epochs,
            BatchSize = 32,
            // The rate falls to 0 and weights are averaged, so that the last pictures are the best ones.
            LearningRate = 0.001,
            LearningRateSchedule = DcganSchedule.Linear,
            Beta1 = 0,
            AverageHalfLife = 5_000,
            // Drawn areas are of one colour; nothing generated ever quite is, and by that alone the discriminator would tell them apart.
            InstanceNoise = 0.1,
            ProgressInterval = 10,
            SampleInterval = Math.Max(1, (long)epochs * pictures / Looks),
        };
    }

    private static IEnumerable<string> Chosen(IReadOnlyList<string> files)
    {
        string[] all = [.. files];
        new Random(Seed).Shuffle(all);
        return all.Take(SampleGrid.Pictures);
    }

    private static void Introduce(DemoOptions options)
    {
        Console.WriteLine(options.Images != null ? $"Trains a DCGAN on the pictures in '{options.Images}'"
            : options.IsGrey ? "Unpacks Fashion-MNIST's pictures of clothes and trains a DCGAN on them"
            : $"Draws {options.Count} cartoon faces and trains a DCGAN on them");
        Console.WriteLine($"at {options.Size.Width}x{options.Size.Height} pixels; then has a second process generate the same pictures from the saved model.");
        Console.WriteLine("This takes about five minutes at the default settings on two processor cores. Ctrl-C ends training early and keeps what it has.");
        Console.WriteLine();
    }

    private static void Tell(DemoOptions options, TrainingSummary summary, string zip, string? difference)
    {
        string end = summary.Cancelled ? $" of {summary.PlannedSteps}, until interrupted" : "";
        Console.WriteLine($"Trained for {Duration.Text(summary.Duration)} on {summary.Images} pictures: {summary.Steps} minibatches{end}.");
        (string Name, string What)[] results =
        [
            ("samples.png", $"{SampleGrid.Pictures} pictures that the generator made of noise; none was picked"),
            ("real.png", "as many training pictures, for comparison"),
            ("training.gif", "how pictures became what they are"),
            ("report.html", "all about the training"),
            (Path.GetFileName(zip), "the model"),
            ("reloaded.png", "what a second process made of the model and the same noise"),
        ];
        int longest = Path.Combine(options.Output, results.MaxBy(result => result.Name.Length).Name).Length;
        foreach ((string name, string what) in results)
            Console.WriteLine($"  {Path.Combine(options.Output, name).PadRight(longest)}   {what}");
        Console.WriteLine(difference == null
            ? "Check passed: reloaded.png equals samples.png, pixel by pixel."
            : $"Check FAILED: reloaded.png does not equal samples.png: {difference}.");
        Console.WriteLine();
        Console.WriteLine(
            $"""
            To go on:
              dotnet run -c Release --project samples/Demo -- --images DIR
                  the same on your own pictures
              dotnet run -c Release --project samples/WebService -- --model {zip}
                  the model as a web page
              docs/getting-started.md
                  the same in a program of your own
            """);
    }

    private sealed record ImageFile(string Path);
}
