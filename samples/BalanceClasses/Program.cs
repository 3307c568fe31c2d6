using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan;
using Microsoft.ML.Dcgan.Samples.BalanceClasses;

// Balances a training set with generated pictures: one kind of clothes is rare, a conditional DCGAN learns all kinds, and
// its pictures of the rare one fill the set up. ML.NET's trainer, on the features of that DCGAN's discriminator, learns from the set
// before and after.
//   dotnet run -c Release --project samples/BalanceClasses -- [RARE KIND] [EPOCHS] [FOLDER OF FASHION-MNIST]
const int Common = 2000, Rare = 100, Seed = 1;
string rare = args.ElementAtOrDefault(0) ?? "Sneaker";
int epochs = int.Parse(args.ElementAtOrDefault(1) ?? "5", CultureInfo.InvariantCulture);
string folder = args.ElementAtOrDefault(2) ?? "/usr/share/datasets/fashion-mnist";
const string Output = "out/balance";
Directory.CreateDirectory(Output);

// 1. A set in which one kind is rare.
Garment[] real = Garment.Read(folder, "train").GroupBy(garment => garment.Kind)
    .SelectMany(kind => kind.Take(kind.Key == rare ? Rare : Common)).ToArray();
IReadOnlyList<Garment> held = Garment.Read(folder, "t10k");
Console.WriteLine($"{real.Length} pictures, {Common} of each kind but {Rare} of '{rare}'");

// 2. A DCGAN that is told the kinds. The rare ones are repeated for it: seldom seen, they would hardly be learned.
Garment[] rareOnes = real.Where(garment => garment.Kind == rare).ToArray();
Garment[] repeated = [.. real, .. Enumerable.Range(0, Common - Rare).Select(i => rareOnes[i % Rare])];
var ml = new MLContext(Seed);
var pipeline = ml.Transforms.Conversion.MapValueToKey("Class", nameof(Garment.Kind))
    .Append(ml.Transforms.Dcgan("Generated", imageColumnName: nameof(Garment.Pixels), labelColumnName: "Class",
        epochs: epochs, batchSize: 64, featureMaps: 32));
using DcganTransformer gan = pipeline.Fit(ml.Data.LoadFromEnumerable(repeated)).LastTransformer;
Console.WriteLine($"trained for {gan.Summary.Duration:m\\:ss}, {gan.Summary.Steps} minibatches");

// 3. What it makes of each kind, a row each.
new ImageGrid(gan.Classes.SelectMany(kind => gan.Generate(10, seed: 7, label: kind)), columns: 10).Save($"{Output}/samples.png");
Console.WriteLine($"{Output}/samples.png: {string.Join(", ", gan.Classes)}, from top to bottom");

// 4. Pictures of the rare kind, as pixels again, beside the real ones.
IDataView generated = gan.Transform(gan.SampleNoise(Common - Rare, seed: 7, label: rare));
var asPixels = ml.Transforms.ExtractPixels(nameof(Garment.Pixels), "Generated",
    colorsToExtract: Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits.Red, offsetImage: 127.5f, scaleImage: 1 / 127.5f)
    .Append(ml.Transforms.Conversion.MapKeyToValue(nameof(Garment.Kind), "Class"));
Garment[] made = ml.Data.CreateEnumerable<Garment>(asPixels.Fit(generated).Transform(generated), reuseRowObject: false).ToArray();

// 5. What a classifier learns from either set, on the discriminator's features; repeating the rare pictures costs nothing, so it is the
// one to beat.
using DcganFeaturizer featurizer = gan.Featurizer("Features", nameof(Garment.Pixels));
IDataView test = Features(held);
Report("as they are", real);
Report("rare ones repeated", repeated);
Report("filled up with generated ones", [.. real, .. made]);

// Trainers read their data many times.
IDataView Features(IReadOnlyList<Garment> garments) =>
    ml.Data.Cache(featurizer.Transform(ml.Data.LoadFromEnumerable(garments)), "Features", nameof(Garment.Kind));

void Report(string what, IReadOnlyList<Garment> training)
{
    IDataView named = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Garment.Kind))
        .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
        .Fit(Features(training)).Transform(test);
    MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(named);
    VBuffer<ReadOnlyMemory<char>> kinds = default;
    named.Schema["Label"].GetKeyValues(ref kinds);
    int index = kinds.DenseValues().Select(kind => kind.ToString()).ToList().IndexOf(rare);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-30} '{rare}' recall {metrics.ConfusionMatrix.PerClassRecall[index]:0.000}, precision {metrics.ConfusionMatrix.PerClassPrecision[index]:0.000}; accuracy of all {metrics.MicroAccuracy:0.0000}"));
}
