#:project ../../src/Microsoft.ML.Dcgan/Microsoft.ML.Dcgan.csproj
#:property PublishAot=false

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan;

// Latent space

// The demo leaves this model, trained on cartoon faces, and the pictures beside it: `dotnet run -c Release --project samples/Demo` in the repository's root. Any other model will do, with pictures of its kind.
string model = "../../out/demo/faces.zip";
string picturesFolder = "../../out/demo/images";
int searchSteps = 500;
var ml = new MLContext();
foreach (string path in new[] { model, picturesFolder })
{
    if (!Path.Exists(path))
        throw new FileNotFoundException($"There is no '{path}'. Name a model and its pictures, or let the demo make them: dotnet run -c Release --project samples/Demo");
}
var gan = (DcganTransformer)ml.Model.Load(model, out _);
new ImageGrid(gan.Generate(16, seed: 3), columns: 8).Save("latent-space-1.png");
Console.WriteLine("latent-space-1.png");

// From one picture to another
IReadOnlyList<float[]> stops = gan.DrawNoise(4, seed: 11);
float[][] rows = Enumerable.Range(0, 3).SelectMany(i => LatentPaths.Interpolate([stops[i], stops[i + 1]], 9)).ToArray();
new ImageGrid(gan.Generate(rows), columns: 9).Save("latent-space-2.png");
Console.WriteLine("latent-space-2.png");

// A walk
float[][] walk = LatentPaths.Walk(gan.NoiseSize, count: 32, seed: 5);
new ImageAnimation(gan.Generate(walk), delay: 80).Save("latent-space-3.gif");
Console.WriteLine("latent-space-3.gif");

// Arithmetic
new ImageGrid(gan.Generate(40, seed: 1), columns: 10).Save("latent-space-4.png");
Console.WriteLine("latent-space-4.png");
IReadOnlyList<float[]> drawn = gan.DrawNoise(40, seed: 1);
float[][] Of(params int[] numbers) => numbers.Select(number => drawn[number]).ToArray();
int[] start = [6, 15, 21], minus = [2, 14, 27], plus = [3, 16, 34];
float[] result = LatentVectors.Analogy(Of(start), Of(minus), Of(plus));
new ImageGrid(gan.Generate([LatentVectors.Mean(Of(start)), LatentVectors.Mean(Of(minus)), LatentVectors.Mean(Of(plus)), result]),
    captions: ["start", "- minus", "+ plus", "= result"], padding: 8).Save("latent-space-5.png");
Console.WriteLine("latent-space-5.png");

// Truncation
IReadOnlyList<float[]> noise = gan.DrawNoise(8, seed: 9);
new ImageGrid(gan.Generate([.. noise, .. LatentVectors.Shrink(noise, 0.8f), .. LatentVectors.Shrink(noise, 0.6f)]), columns: 8).Save("latent-space-6.png");
Console.WriteLine("latent-space-6.png");

// The noise of a given picture

string[] files = Directory.EnumerateFiles(picturesFolder).Order(StringComparer.Ordinal).Take(9).Select(Path.GetFullPath).ToArray();
var read = ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path").Append(ml.Transforms.ResizeImages("Image", gan.ImageWidth, gan.ImageHeight));
IDataView view = ml.Data.LoadFromEnumerable(files.Select(path => new ImageFile(path)));
IDataView real = read.Fit(view).Transform(view);

IDataView search = gan.FindNoise(real, "Image", options: new LatentProjectionOptions { Steps = searchSteps });
Found[] found = ml.Data.CreateEnumerable<Found>(search, reuseRowObject: false).ToArray();
Console.WriteLine("PSNR: " + string.Join(", ", found.Select(vector => $"{-10 * Math.Log10(vector.Error):0.0} dB")));
ImageGrid.SideBySide(new ImageGrid(real.GetColumn<MLImage>("Image")), new ImageGrid(gan.Generate(found.Select(vector => vector.Noise).ToArray())), "Real", "Found").Save("latent-space-7.png");
Console.WriteLine("latent-space-7.png");

public record ImageFile(string Path);

public class Found
{
    public float[] Noise { get; set; } = [];
    public float Error { get; set; }
}
