#:project ../../src/Microsoft.ML.Dcgan/Microsoft.ML.Dcgan.csproj
#:property PublishAot=false

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan;

// A folder of your own pictures

// The settings
string folder = "../../out/demo/images";
string pattern = "*.png";
int count = 100;
int size = 32;
int epochs = 600;
int batchSize = 32;
string output = "../../out/own-pictures";

// Look at them first

var ml = new MLContext(seed: 1);
if (!Directory.Exists(folder))
    throw new DirectoryNotFoundException($"There is no folder '{folder}'. Name one with pictures, or let the demo draw some: dotnet run -c Release --project samples/Demo");
string[] files = Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(count).ToArray();
IDataView pictures = ml.Data.LoadFromEnumerable(files.Select(path => new ImageFile(Path.GetFullPath(path))));
var read = ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path").Append(ml.Transforms.ResizeImages("Image", size, size));
Console.WriteLine($"{files.Length} pictures");

IEnumerable<MLImage> Look(int count) => read.Fit(pictures).Transform(ml.Data.TakeRows(pictures, count)).GetColumn<MLImage>("Image");
new ImageGrid(Look(40), columns: 10).Save("own-pictures-1.png");
Console.WriteLine("own-pictures-1.png");

// Train
if (Directory.Exists(output))
    Directory.Delete(output, recursive: true);
var run = new TrainingRecord(output);
var options = new DcganEstimator.Options
{
    OutputColumnName = "Generated",
    Epochs = epochs,
    BatchSize = batchSize,
    GeneratorFeatureMaps = 32,
    DiscriminatorFeatureMaps = 32,
    Mirror = true,
    BadImages = DcganBadImages.Skip,
    SampleInterval = Math.Max(1, epochs * files.Length / 30),
    SampleCount = 16,
};
run.Attach(options);
ml.Log += (_, entry) =>
{
    if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
        Console.WriteLine(entry.RawMessage);
};

DcganTransformer gan = read.Append(ml.Transforms.Dcgan(options)).Fit(pictures).LastTransformer;
Console.WriteLine($"{gan.Summary.Steps} minibatches of {gan.Summary.BatchSize} out of {gan.Summary.Images} pictures; {gan.Summary.SkippedImages} left out");

// From noise to pictures
run.ToAnimation(delay: 200).Save("own-pictures-2.gif");
Console.WriteLine("own-pictures-2.gif");

// Real and generated, side by side
ImageGrid.SideBySide(new ImageGrid(Look(36)), new ImageGrid(gan.Generate(36, seed: 7))).Save("own-pictures-3.png");
Console.WriteLine("own-pictures-3.png");

// Are they copies?
IDataView training = read.Fit(pictures).Transform(pictures);
IDataView generated = gan.Transform(gan.SampleNoise(16, seed: 7));
IEnumerable<MLImage> nearest = ml.ImageGeneration().FindNearest(training, generated, count: 1)
    .Select(image => MLImage.CreateFromFile(files[image.Neighbors[0].TrainingRow]));
ImageGrid.SideBySide(new ImageGrid(gan.Generate(16, seed: 7)), new ImageGrid(nearest), "Generated", "Nearest").Save("own-pictures-4.png");
Console.WriteLine("own-pictures-4.png");

// Keep it
ml.Model.Save(gan, gan.SampleNoise(1).Schema, Path.Combine(output, "model.zip"));
Console.WriteLine($"{new FileInfo(Path.Combine(output, "model.zip")).Length / 1e6:0.0} MB");

public record ImageFile(string Path);
