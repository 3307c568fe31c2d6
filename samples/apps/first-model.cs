#:project ../../src/Microsoft.ML.Dcgan/Microsoft.ML.Dcgan.csproj
#:property PublishAot=false

using Microsoft.ML;
using Microsoft.ML.Dcgan;

// Your first model

// The pictures
string folder = "../../out/demo/images";
int count = 500;
int size = 32;
int epochs = 120;
int batchSize = 50;

var ml = new MLContext(seed: 1);
if (!Directory.Exists(folder))
    throw new DirectoryNotFoundException($"There is no folder '{folder}'. Name one with pictures, or let the demo draw some: dotnet run -c Release --project samples/Demo");
string[] files = Directory.GetFiles(folder).Where(path => Path.GetExtension(path) is ".png" or ".jpg" or ".jpeg").Order(StringComparer.Ordinal).Take(count).ToArray();
var images = ml.Data.LoadFromEnumerable(files.Select(path => new ImageFile(Path.GetFullPath(path))));
Console.WriteLine($"{files.Length} pictures");

// The pipeline
var pipeline = ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path")
    .Append(ml.Transforms.ResizeImages("Image", size, size))
    .Append(ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
    .Append(ml.Transforms.Dcgan("Generated", noiseColumnName: "Noise", imageColumnName: "Pixels", epochs: epochs, batchSize: batchSize, featureMaps: 32));

DcganTransformer gan = pipeline.Fit(images).LastTransformer;
Console.WriteLine($"{gan.Summary.Steps} steps on {gan.Summary.Images} images");

// How did it go?
foreach (var report in gan.Summary.History.Where((_, i) => i % Math.Max(1, gan.Summary.History.Count / 8) == 0))
    Console.WriteLine($"epoch {report.Epoch,4}: loss D {report.DiscriminatorLoss:0.00}, loss G {report.GeneratorLoss:0.00}, D(x) {report.RealScore:0.00}, D(G(z)) {report.GeneratedScoreBefore:0.00}");

// Pictures that nobody took
new ImageGrid(gan.Generate(32, seed: 7), columns: 8).Save("first-model-1.png");
Console.WriteLine("first-model-1.png");

// Save it, and use it elsewhere
string zip = Path.Combine(Path.GetTempPath(), "first-model.zip");
ml.Model.Save(gan, gan.SampleNoise(1).Schema, zip);
var again = (DcganTransformer)new MLContext().Model.Load(zip, out _);
new ImageGrid(again.Generate(8, seed: 7), columns: 8).Save("first-model-2.png");
Console.WriteLine("first-model-2.png");

public record ImageFile(string Path);
