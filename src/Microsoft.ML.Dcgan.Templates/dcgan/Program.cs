using Microsoft.ML;
using Microsoft.ML.Dcgan;

const int size = 64;                                     // of the pictures, in pixels
string folder = args.Length > 0 ? args[0] : "pictures";
string[] extensions = [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"];
PictureFile[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
    .Where(path => extensions.Contains(Path.GetExtension(path).ToLowerInvariant()))
    .Order(StringComparer.Ordinal)                       // a folder promises no order, and the seed needs one
    .Select(path => new PictureFile(Path.GetFullPath(path)))];
if (files.Length == 0)
{
    Console.Error.WriteLine($"There are no pictures ({string.Join(", ", extensions)}) in '{folder}': put some there.");
    return 1;
}

// Ctrl-C ends the training and keeps the model.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

var ml = new MLContext(seed: 1);
ml.Log += (_, entry) =>
{
    if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
        Console.WriteLine(entry.RawMessage);
};
var pipeline = ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path", imageWidth: size, imageHeight: size)
    .Append(ml.Transforms.Dcgan(new DcganEstimator.Options
    {
        OutputColumnName = "Generated",
        Channels = 3,                                    // 1: grey
        Epochs = 0,                                      // 0: until it gets no better
        CancellationToken = stop.Token,
        Progress = report => Console.WriteLine($"epoch {report.Epoch}, minibatch {report.Step}: loss D {report.DiscriminatorLoss:0.00} "
            + $"G {report.GeneratorLoss:0.00}, {report.ImagesPerSecond:0} images/s"),
        SampleInterval = 5_000,                          // images between two looks at what it makes
        Samples = samples => samples.ToGrid().Save("samples.png"),
    }));

Console.WriteLine($"Training on {files.Length} pictures; samples.png shows how far it is. Ctrl-C ends it.");
using DcganTransformer gan = pipeline.Fit(ml.Data.LoadFromEnumerable(files)).LastTransformer;
new ImageGrid(gan.Generate(64, seed: 7)).Save("generated.png");
ml.Model.Save(gan, gan.SampleNoise(1).Schema, "model.zip");
Console.WriteLine($"{Path.GetFullPath("generated.png")} has 64 pictures, and model.zip the model.");
return 0;

record PictureFile(string Path);
