using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan;
using Microsoft.ML.Dcgan.Samples.Symptoms;
using Microsoft.ML.Transforms.Image;

// Makes the pictures of docs/troubleshooting.md: short trainings on Fashion-MNIST, each of which goes wrong in its own way.
//   dotnet run -c Release --project samples/Symptoms -- [SYMPTOM ...]
const int Columns = 10, Rows = 2, Seed = 1;
const string Folder = "/usr/share/datasets/fashion-mnist", Output = "out/symptoms";
Directory.CreateDirectory(Output);

Symptom[] symptoms =
[
    new("healthy", 80_000),
    new("collapse", 20_000, options => (options.LearningRate, options.DiscriminatorNormalization) = (0.02, DcganNormalization.None)),
    new("noise", 10_000, options => options.LearningRate = 2e-6),
    new("discriminator-wins", 20_000, options => (options.LearningRate, options.DiscriminatorLearningRate) = (1e-5, 0.004)),
    new("half-range", 60_000, Mistake: grey => Array.ConvertAll(grey, value => (value + 1) / 2)),
    new("checkerboard", 15_000, options => options.Beta1 = 0.9),
    new("resize-convolution", 15_000, options => (options.Beta1, options.Upsampling) = (0.9, DcganUpsampling.ResizeConvolution)),
    new("average", 20_000, options => (options.AverageHalfLife, options.AverageRampUp) = (5_000, 0)),
    new("by-heart", 60_000, Pictures: 20),
    new("diverged", 10_000, options => options.LearningRate = 0.3),
    new("wrong-colours", 60_000, Mistake: Orange),
    new("interleaved", 60_000, Mistake: grey => grey.SelectMany(value => new[] { value, value, value }).ToArray()),
];

foreach (Symptom symptom in symptoms.Where(symptom => args.Length == 0 || args.Contains(symptom.Name)))
{
    Console.WriteLine(symptom.Name);
    IReadOnlyList<Picture> pictures = Picture.Read(Folder, symptom.Pictures);
    using DcganTransformer gan = symptom.Train(pictures, Seed);
    MLImage[] made = [.. gan.Generate(symptom.Name == "by-heart" ? Columns : Columns * Rows, seed: 7).Select(image => image.ToMLImage())];
    Save(symptom.Name, symptom.Name == "by-heart" ? [.. made, .. made.Select(image => Nearest(image, pictures))] : made);
}
if (args.Length == 0 || args.Contains("resizing"))
    Save("resizing", Resized(Picture.Read(Folder, 2 * Columns)));

void Save(string name, IReadOnlyList<MLImage> images)
{
    new ImageGrid(images, Columns).Save($"{Output}/{name}.png");
    foreach (MLImage image in images)
        image.Dispose();
}

// Orange clothes on black, planes in the wrong order: blue, green, red.
float[] Orange(float[] grey) => [.. grey.Select(_ => -1f), .. grey.Select(value => (value + 1) * 0.55f - 1), .. grey];

MLImage Nearest(MLImage image, IReadOnlyList<Picture> pictures)
{
    byte[] pixels = image.Pixels.ToArray();
    return Picture.Beside(pictures.MinBy(picture =>
        picture.Pixels.Select((value, i) => Math.Pow((value + 1) * 127.5 - pixels[i * 4], 2)).Sum())!);
}

// Two garments side by side, twice as wide as high, made square in each of the three ways.
List<MLImage> Resized(IReadOnlyList<Picture> pictures)
{
    var ml = new MLContext();
    Wide[] pairs = pictures.Chunk(2).Select(pair => new Wide { Image = Picture.Beside(pair) }).ToArray();
    return new[] { ImageResizingEstimator.ResizingKind.IsoCrop, ImageResizingEstimator.ResizingKind.Fill,
        ImageResizingEstimator.ResizingKind.IsoPad }.SelectMany(kind =>
    {
        IDataView data = ml.Data.LoadFromEnumerable(pairs);
        IDataView resized = ml.Transforms.ResizeImages("Square", Picture.Side, Picture.Side, nameof(Wide.Image), kind).Fit(data)
            .Transform(data);
        return ml.Data.CreateEnumerable<Square>(resized, reuseRowObject: false, ignoreMissingColumns: true)
            .Select(row => MLImage.CreateFromPixels(Picture.Side, Picture.Side, row.Image.PixelFormat, row.Image.Pixels)).ToList();
    }).ToList();
}

internal sealed class Wide
{
    [ImageType(Picture.Side, 2 * Picture.Side)]
    public MLImage Image { get; set; } = null!;
}

internal sealed class Square
{
    [ImageType(Picture.Side, Picture.Side)]
    [ColumnName("Square")]
    public MLImage Image { get; set; } = null!;
}
