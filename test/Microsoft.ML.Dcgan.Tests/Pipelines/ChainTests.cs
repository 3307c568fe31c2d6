using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.ML.Data;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

/// <summary>Dcgan among other transformers, saved and loaded with them.</summary>
[TestClass]
public sealed class ChainTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string ModelPath => Path.Combine(_folder.FullName, "model.zip");

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Columns_may_be_made_joined_renamed_and_dropped_before()
    {
        // Halves of a picture of 8x8, made by user code and joined.
        IDataView view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new NumberRow { Number = i }).ToList());
        var before = _ml.Transforms.CustomMapping<NumberRow, Halves>((row, halves) =>
            {
                float[] pixels = Pictures.Pixels(row.Number, 8, 8, 1);
                (halves.Upper, halves.Lower) = (pixels[..32], pixels[32..]);
            }, null)
            .Append(_ml.Transforms.Concatenate("Joined", "Upper", "Lower"))
            .Append(_ml.Transforms.DropColumns("Upper", "Lower"))
            .Append(_ml.Transforms.CopyColumns("Pixels", "Joined"))
            .Append(_ml.Transforms.SelectColumns("Pixels"));

        CollectionAssert.AreEqual(
            Enumerable.Range(0, 6).SelectMany(i => Pictures.Bytes(i, 8, 8, 1)).ToArray(),
            Pictures.AsTrainedOn(before.Fit(view).Transform(view), "Pixels"));
        using TransformerChain<DcganTransformer> chain = before.Append(_ml.Transforms.Dcgan(Pictures.SmallOptions())).Fit(view);
        DcganTransformer gan = chain.LastTransformer;
        Assert.AreEqual((6L, 8, 8, 1), (gan.Summary.Images, gan.ImageHeight, gan.ImageWidth, gan.Channels));
        Assert.AreEqual("Pixels Generated", string.Join(' ', chain.Transform(view).Schema.Select(column => column.Name)));
    }

    [TestMethod]
    public void A_classifier_learns_from_normalized_features_and_is_saved_with_them()
    {
        IDataView view = LabelledPictures.View(_ml, 40);
        using DcganTransformer gan = _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(view);
        using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: "Pixels");
        IDataView features = featurizer.Transform(view);
        var chain = new TransformerChain<ITransformer>(featurizer, _ml.Transforms.NormalizeMinMax("Features")
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Class"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(features));
        string[] predicted = chain.Transform(view).GetColumn<string>("PredictedLabel").ToArray();

        CollectionAssert.AreEqual(LabelledPictures.Rows(40).Select(row => row.Kind).ToArray(), predicted);
        _ml.Model.Save(chain, view.Schema, ModelPath);
        ITransformer again = new MLContext().Model.Load(ModelPath, out _);
        CollectionAssert.AreEqual(predicted, again.Transform(view).GetColumn<string>("PredictedLabel").ToArray());
        ((IDisposable)again).Dispose();
    }

    [TestMethod]
    public void A_second_model_in_a_chain_trains_on_the_pictures_of_the_first()
    {
        IDataView view = Pictures.View(_ml, 8, 16, 12, 3);
        DcganEstimator.Options first = Pictures.SmallOptions(), second = Pictures.SmallOptions();
        (first.OutputColumnName, first.NoiseColumnName) = ("First", "FirstNoise");
        (second.ImageColumnName, second.NoiseColumnName, second.GenerationSeed) = ("First", "SecondNoise", 5);
        using var chain = _ml.Transforms.Dcgan(first).Append(_ml.Transforms.Dcgan(second)).Fit(view);

        byte[][] generated = Generated(chain.Transform(view));
        Assert.AreEqual(8, generated.Select(Convert.ToHexString).Distinct().Count());
        using DcganTransformer alone = _ml.Transforms.Dcgan(second).Fit(chain.First().Transform(view));
        CheckSame(Generated(alone.Transform(view)), generated);

        _ml.Model.Save(chain, view.Schema, ModelPath);
        ITransformer again = new MLContext().Model.Load(ModelPath, out _);
        CheckSame(generated, Generated(again.Transform(view)));
        CollectionAssert.AreEqual(
            Pictures.AsTrainedOn(chain.Transform(view), "First"), Pictures.AsTrainedOn(again.Transform(view), "First"));
        ((IDisposable)again).Dispose();
        Assert.Throws<ObjectDisposedException>(() => again.Transform(view), "a chain disposes its models");
    }

    [TestMethod]
    public void A_model_comes_back_with_the_loader_that_it_was_saved_with()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        string file = Path.Combine(_folder.FullName, "noise.csv");
        File.WriteAllLines(file, gan.SampleNoise(5).GetColumn<float[]>("Noise")
            .Select(row => string.Join(',', row.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))));
        TextLoader loader = _ml.Data.CreateTextLoader([new TextLoader.Column("Noise", DataKind.Single, 0, 5)], separatorChar: ',');
        _ml.Model.Save(gan, loader, ModelPath);

        ITransformer again = new MLContext().Model.LoadWithDataLoader(ModelPath, out IDataLoader<IMultiStreamSource> loaded);

        CheckSame(Generated(gan, 5), Generated(again.Transform(loaded.Load(new MultiFileSource(file)))));
        ((IDisposable)again).Dispose();
    }

    [TestMethod]
    public void All_ways_to_the_schema_agree()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView noise = gan.SampleNoise(2);
        IDataView view = _ml.Transforms.Concatenate("Named", "Noise").Append(_ml.Transforms.CopyColumns("Generated", "Noise"))
            .Fit(noise).Transform(noise);

        DataViewSchema output = gan.Transform(view).Schema;
        IRowToRowMapper mapper = ((ITransformer)gan).GetRowToRowMapper(view.Schema);

        Assert.AreEqual(
            "Noise: Vector<Single, 6>, Named: Vector<Single, 6>, Generated: Vector<Single, 6> (hidden), Generated: Image<16, 12>",
            Text(output));
        Assert.AreEqual(Text(output), Text(gan.GetOutputSchema(view.Schema)));
        Assert.AreEqual(Text(output), Text(mapper.OutputSchema));
        Assert.AreEqual(Text(output), Text(new TransformerChain<ITransformer>(gan).GetOutputSchema(view.Schema)));
        Assert.AreSame(view.Schema, mapper.InputSchema);
        Assert.AreEqual("Noise", mapper.GetDependencies([mapper.OutputSchema["Generated"]]).Single().Name);
        Assert.AreEqual("Named", mapper.GetDependencies([mapper.OutputSchema["Named"]]).Single().Name);
        // What is known of the input's columns still is.
        for (int i = 0; i < view.Schema.Count; i++)
            CollectionAssert.AreEqual(Annotations(view.Schema[i]), Annotations(output[i]));
        // The new column hides the old one of its name.
        Assert.AreEqual(2, Generated(gan.Transform(view)).Length);

        static string Text(DataViewSchema schema) =>
            string.Join(", ", schema.Select(column => $"{column.Name}: {column.Type}{(column.IsHidden ? " (hidden)" : "")}"));

        static string[] Annotations(DataViewSchema.Column column) =>
            column.Annotations.Schema.Select(annotation => $"{annotation.Name}: {annotation.Type}").ToArray();
    }

    /// <summary>As in a program that loads its plugins apart.</summary>
    [TestMethod]
    public void A_model_loads_in_an_assembly_load_context_of_its_own()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        _ml.Model.Save(gan, null, ModelPath);
        var context = new ApartContext(typeof(ChainTests).Assembly.Location);
        Assembly apart = context.LoadFromAssemblyPath(typeof(ChainTests).Assembly.Location);
        MethodInfo generate = apart.GetType(typeof(ChainTests).FullName!)!
            .GetMethod(nameof(GeneratedBy), BindingFlags.NonPublic | BindingFlags.Static)!;

        var (pictures, library) = ((byte[][], Assembly))generate.Invoke(null, [ModelPath])!;

        Assert.AreSame(context, AssemblyLoadContext.GetLoadContext(library));
        CheckSame(Generated(gan, 3), pictures);
    }

    internal static (byte[][] Pictures, Assembly Library) GeneratedBy(string path)
    {
        using var gan = (DcganTransformer)new MLContext().Model.Load(path, out _);
        return (Generated(gan, 3), typeof(DcganTransformer).Assembly);
    }

    private sealed class ApartContext(string path) : AssemblyLoadContext("apart")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name) =>
            _resolver.ResolveAssemblyToPath(name) is { } file ? LoadFromAssemblyPath(file) : null;

        protected override nint LoadUnmanagedDll(string name) =>
            _resolver.ResolveUnmanagedDllToPath(name) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
    }

    private sealed class Halves
    {
        [VectorType(32)]
        public float[] Upper { get; set; } = [];

        [VectorType(32)]
        public float[] Lower { get; set; } = [];
    }
}
