#:project ../../src/Microsoft.ML.Dcgan/Microsoft.ML.Dcgan.csproj
#:property PublishAot=false

using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan;

// Balancing a classifier with generated pictures
string data = "/usr/share/datasets/fashion-mnist";
string rare = "Sneaker";
int common = 500;
int few = 25;
int epochs = 20;
int tested = 10_000;

// The pictures
if (!Directory.Exists(data))
    throw new DirectoryNotFoundException($"There is no folder '{data}'. Install Debian's dataset-fashion-mnist, or name a folder with the data set's four files.");
string[] kinds = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

byte[] Unzip(string file)
{
    using var zipped = new GZipStream(File.OpenRead(Path.Combine(data, file)), CompressionMode.Decompress);
    using var bytes = new MemoryStream();
    zipped.CopyTo(bytes);
    return bytes.ToArray();
}

Garment[] Read(string part)
{
    byte[] pictures = Unzip($"{part}-images-idx3-ubyte.gz"), labels = Unzip($"{part}-labels-idx1-ubyte.gz");
    return labels.Skip(8).Select((label, i) => new Garment
    {
        Kind = kinds[label],
        Pixels = pictures.AsSpan(16 + i * 784, 784).ToArray().Select(level => level / 127.5f - 1).ToArray(),   // [-1, 1]
    }).ToArray();
}

Garment[] real = Read("train").GroupBy(garment => garment.Kind).SelectMany(kind => kind.Take(kind.Key == rare ? few : common)).ToArray();
Garment[] test = Read("t10k").Take(tested).ToArray();
Console.WriteLine($"{real.Length} pictures, {common} of each kind but {few} of '{rare}'");

// A DCGAN that is told the kinds
Garment[] rareOnes = real.Where(garment => garment.Kind == rare).ToArray();
Garment[] repeated = [.. real, .. Enumerable.Range(0, common - few).Select(i => rareOnes[i % few])];

var ml = new MLContext(seed: 1);
var pipeline = ml.Transforms.Conversion.MapValueToKey("Class", "Kind")
    .Append(ml.Transforms.Dcgan("Generated", imageColumnName: "Pixels", labelColumnName: "Class", epochs: epochs, batchSize: 64, featureMaps: 32));
DcganTransformer gan = pipeline.Fit(ml.Data.LoadFromEnumerable(repeated)).LastTransformer;
Console.WriteLine($"trained on {gan.Summary.Steps} minibatches");
new ImageGrid(gan.Classes.SelectMany(kind => gan.Generate(12, seed: 7, label: kind)), columns: 12).Save("balancing-1.png");
Console.WriteLine("balancing-1.png");

// More of the rare ones
IDataView generated = gan.Transform(gan.SampleNoise(common - few, seed: 7, label: rare));
var asReal = ml.Transforms.ExtractPixels("Pixels", "Generated", colorsToExtract: Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits.Red, offsetImage: 127.5f, scaleImage: 1 / 127.5f)
    .Append(ml.Transforms.Conversion.MapKeyToValue("Kind", "Class"));
Garment[] made = ml.Data.CreateEnumerable<Garment>(asReal.Fit(generated).Transform(generated), reuseRowObject: false).ToArray();
Console.WriteLine($"{made.Length} pictures of '{rare}'");

// What a classifier learns from each
var featurizer = gan.Featurizer("Features", "Pixels");

// Trainers read their data many times.
IDataView Features(Garment[] garments) => ml.Data.Cache(featurizer.Transform(ml.Data.LoadFromEnumerable(garments)), "Features", "Kind");

IDataView held = Features(test);

void Compare(string what, Garment[] garments)
{
    IDataView named = ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
        .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
        .Fit(Features(garments)).Transform(held);
    MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(named);
    VBuffer<ReadOnlyMemory<char>> keys = default;
    named.Schema["Label"].GetKeyValues(ref keys);
    int index = keys.DenseValues().Select(kind => kind.ToString()).ToList().IndexOf(rare);
    Console.WriteLine($"{what,-28} recall of '{rare}' {metrics.ConfusionMatrix.PerClassRecall[index]:0.000}, accuracy {metrics.MicroAccuracy:0.000}");
}

Compare("as they are", real);
Compare("rare ones repeated", repeated);
Compare("filled up with generated", [.. real, .. made]);
Compare("repeated, and generated", [.. repeated, .. made]);

// What to make of it

public class Garment
{
    [VectorType(1, 28, 28)]
    public float[] Pixels { get; set; } = [];
    public string Kind { get; set; } = "";
}
