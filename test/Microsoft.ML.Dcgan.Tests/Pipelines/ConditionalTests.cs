using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

[TestClass]
public sealed class ConditionalTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Pictures_are_of_the_class_asked_for()
    {
        using DcganTransformer gan = LabelledPictures.Learned(_ml);

        CollectionAssert.AreEqual(new[] { "bright", "dark" }, gan.Classes.ToArray());
        Assert.AreEqual("Class", gan.LabelColumnName);
        Check(gan.Generate(16, label: "dark").Select(Bytes), bright: false);
        Check(gan.Generate(16, seed: 5, label: "bright").Select(Bytes), bright: true);
        Check(Generated(gan.Transform(gan.SampleNoise(16, label: "dark"))), bright: false);
        Check(Generated(gan.Transform(gan.SampleNoise(16, seed: 7, label: "bright"))), bright: true);

        // Without a word they take turns.
        byte[][] inTurn = Generated(gan, 16);
        Check(inTurn.Where((_, i) => i % 2 == 0), bright: true);
        Check(inTurn.Where((_, i) => i % 2 == 1), bright: false);

        static void Check(IEnumerable<byte[]> pictures, bool bright)
        {
            foreach (byte[] picture in pictures)
            {
                // 0.8 is byte 229 or 230, and -0.8 is 25 or 26.
                double brightness = picture.Where((_, i) => i % 4 == 0).Average(value => value);
                Assert.IsTrue(bright ? brightness > 170 : brightness < 85,
                    $"a picture that is to be {(bright ? "bright" : "dark")} has the brightness {brightness}");
            }
        }
    }

    [TestMethod]
    public void The_labels_of_samples_are_keys_that_know_their_values()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        IDataView generated = gan.Transform(gan.SampleNoise(5, seed: 3));

        CollectionAssert.AreEqual(new[] { "Noise", "Class", "Generated" }, generated.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), generated.Schema["Class"].Type);
        Assert.IsTrue(generated.Schema["Class"].HasKeyValues());
        IDataView named = _ml.Transforms.Conversion.MapKeyToValue("Name", "Class").Fit(generated).Transform(generated);
        CollectionAssert.AreEqual(new[] { "bright", "dark", "bright", "dark", "bright" }, named.GetColumn<string>("Name").ToArray());
        IDataView dark = gan.SampleNoise(2, 3, "dark");
        CollectionAssert.AreEqual(new uint[] { 2, 2 }, dark.GetColumn<uint>("Class").ToArray());
        CollectionAssert.AreEqual(generated.GetColumn<float[]>("Noise").ElementAt(1), dark.GetColumn<float[]>("Noise").ElementAt(1));
        CheckSame(gan.Generate(2, 3, "dark").Select(Bytes).ToArray(), Generated(gan.Transform(dark)));
        Assert.IsEmpty(gan.Generate(0, label: "dark"));
    }

    [TestMethod]
    public void Labels_may_be_keys_of_any_order_keys_of_some_classes_or_values()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        LabelledRow[] rows = LabelledPictures.Rows(8);
        byte[][] expected = Generated(gan.Transform(LabelledPictures.Keyed(_ml, rows)));
        Assert.HasCount(8, expected.Select(Convert.ToHexString).Distinct());

        // Dark comes first here.
        IDataView plain = LabelledPictures.Plain(_ml, rows);
        IDataView turned = _ml.Transforms.Conversion.MapValueToKey("Class", "Kind")
            .Fit(LabelledPictures.Plain(_ml, rows.OrderByDescending(row => row.Kind))).Transform(plain);
        CollectionAssert.AreNotEqual(LabelledPictures.Keyed(_ml, rows).GetColumn<uint>("Class").ToArray(),
            turned.GetColumn<uint>("Class").ToArray());
        CheckSame(expected, Generated(gan.Transform(turned)));
        CheckSame(expected, Generated(gan.Transform(_ml.Transforms.CopyColumns("Class", "Kind").Fit(plain).Transform(plain))));

        IDataView onlyDark = LabelledPictures.Keyed(_ml, rows.Select(row => new LabelledRow { Pixels = row.Pixels, Kind = "dark" }));
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 1), onlyDark.Schema["Class"].Type);
        byte[][] dark = Generated(gan.Transform(onlyDark));
        for (int i = 0; i < rows.Length; i++)
            Assert.AreEqual(rows[i].Kind == "dark", dark[i].AsSpan().SequenceEqual(expected[i]), $"row {i}");
    }

    [TestMethod]
    public void The_column_of_labels_passes_through_as_it_was()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        IDataView view = LabelledPictures.View(_ml, 8), generated = gan.Transform(view);

        Assert.AreEqual(view.Schema["Class"].Type, generated.Schema["Class"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        generated.Schema["Class"].GetKeyValues(ref names);
        Assert.AreEqual("bright dark", string.Join(' ', names.DenseValues()));
        CollectionAssert.AreEqual(view.GetColumn<uint>("Class").ToArray(), generated.GetColumn<uint>("Class").ToArray());

        // The labels are read for the pictures even where nobody asks for them.
        using DataViewRowCursor cursor = generated.GetRowCursor([generated.Schema["Generated"]]);
        Assert.IsTrue(cursor.MoveNext());
    }

    [TestMethod]
    public void Classes_may_be_numbers()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml, nameof(LabelledRow.Size));
        CollectionAssert.AreEqual(new[] { "2.5", "7" }, gan.Classes.ToArray());
        IDataView sample = gan.SampleNoise(2, label: "7");
        CollectionAssert.AreEqual(new uint[] { 2, 2 }, sample.GetColumn<uint>("Class").ToArray());
        Assert.IsTrue(sample.Schema["Class"].HasKeyValues(NumberDataViewType.Single));

        IDataView plain = LabelledPictures.Plain(_ml, LabelledPictures.Rows(8));
        CheckSame(Generated(gan.Transform(LabelledPictures.View(_ml, 8, nameof(LabelledRow.Size)))),
            Generated(gan.Transform(_ml.Transforms.CopyColumns("Class", "Size").Fit(plain).Transform(plain))));
        Refused(() => gan.Transform(_ml.Transforms.CopyColumns("Class", "Kind").Fit(plain).Transform(plain)),
            "Schema mismatch for input column 'Class': expected a key of 2 classes, or of their values, or those values themselves, of type Single, got String");
        Refused(() => gan.Transform(LabelledPictures.View(_ml, 8)), "got Key<UInt32, 0-1> of values of type String");
    }

    [TestMethod]
    public void Keys_may_stand_for_nothing()
    {
        IDataView training = _ml.Data.LoadFromEnumerable(LabelledPictures.Rows(8)
            .Select(row => new BareRow { Pixels = row.Pixels, Class = row.Kind == "dark" ? 0u : 2 }).ToList());
        using DcganTransformer gan = _ml.Transforms.Dcgan(LabelledPictures.Options()).Fit(training);
        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, gan.Classes.ToArray());
        IDataView noise = gan.SampleNoise(4, label: "3");
        CollectionAssert.AreEqual(new uint[] { 3, 3, 3, 3 }, noise.GetColumn<uint>("Class").ToArray());
        Assert.AreEqual(0, noise.Schema["Class"].Annotations.Schema.Count);
        Assert.HasCount(8, Generated(gan.Transform(training)));

        Refused(() => gan.Transform(_ml.Data.LoadFromEnumerable([new TwoKeyRow()])),
            "expected a key of 3 classes, got Key<UInt32, 0-1> without values");
        IDataView text = LabelledPictures.Plain(_ml, LabelledPictures.Rows(1));
        Refused(() => gan.Transform(_ml.Transforms.CopyColumns("Class", "Kind").Fit(text).Transform(text)),
            "expected a key of 3 classes, got String");
        IDataView high = _ml.Data.LoadFromEnumerable([new BareRow { Pixels = new float[64], Class = 9 }]);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Generated(gan.Transform(high))).Message,
            "Column 'Class', row 0: has no key");
    }

    [TestMethod]
    public void Prediction_engines_take_a_label_as_key_or_as_value()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        IDataView noise = gan.SampleNoise(2, 4, "dark");
        byte[] expected = Generated(gan.Transform(noise))[1];
        float[] vector = noise.GetColumn<float[]>("Noise").ElementAt(1);

        using var ofNames = Engine<NamedNoise>();
        CheckAlike(expected, Bytes(ofNames.Predict(new NamedNoise { Noise = vector, Class = "dark" }).Generated!));
        CollectionAssert.AreNotEqual(expected, Bytes(ofNames.Predict(new NamedNoise { Noise = vector, Class = "bright" }).Generated!));
        string message = Assert.Throws<InvalidOperationException>(() =>
            ofNames.Predict(new NamedNoise { Noise = vector, Class = "grey" }).Generated!.Dispose()).Message;
        StringAssert.Contains(message, "Column 'Class', row 2: holds 'grey', which is none of the classes trained on: 'bright', 'dark'");

        using var ofKeys = Engine<KeyedNoise>();
        CheckAlike(expected, Bytes(ofKeys.Predict(new KeyedNoise { Noise = vector, Class = 1 }).Generated!));
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() =>
            ofKeys.Predict(new KeyedNoise { Noise = vector, Class = 5 }).Generated!.Dispose()).Message, "has no key");

        PredictionEngine<T, GeneratedRow> Engine<T>() where T : class =>
            _ml.Model.CreatePredictionEngine<T, GeneratedRow>(gan, new PredictionEngineOptions { OwnsTransformer = false });
    }

    [TestMethod]
    public void Labels_that_cannot_be_generated_of_are_refused()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        IDataView plain = LabelledPictures.Plain(_ml, LabelledPictures.Rows(3));
        Refused(() => gan.Transform(plain),
            "Could not find input column 'Class', which says of which class to generate a picture. The columns are: Pixels, Kind, Size, Number. SampleNoise makes it");
        Refused(() => gan.GetOutputSchema(plain.Schema), "Could not find input column 'Class'");
        Refused(() => gan.GetRowToRowMapper(plain.Schema), "Could not find input column 'Class'");
        Refused(() => gan.Transform(_ml.Transforms.CopyColumns("Class", "Size").Fit(plain).Transform(plain)),
            "those values themselves, of type String, got Single");

        // Row 2 is of a class that was not trained on.
        LabelledRow[] rows = LabelledPictures.Rows(4);
        rows[2].Kind = "grey";
        string message = Assert.Throws<InvalidOperationException>(() =>
            Generated(gan.Transform(LabelledPictures.Keyed(_ml, rows)))).Message;
        StringAssert.Contains(message,
            "Column 'Class', row 2, Kind 'grey': holds 'grey', which is none of the classes trained on: 'bright', 'dark'");

        foreach (Action ask in new Action[] { () => gan.Generate(1, label: "grey"), () => gan.SampleNoise(1, label: "grey") })
            StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(ask).Message,
                "There is no class 'grey'. The classes are: 'bright', 'dark'.");
        using DcganTransformer plainGan = Pictures.SmallModel(_ml);
        foreach (Action ask in new Action[] { () => plainGan.Generate(1, label: "grey"), () => plainGan.SampleNoise(1, label: "grey") })
            StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(ask).Message,
                "this model was trained without classes. Set LabelColumnName");
    }

    [TestMethod]
    public void Without_classes_all_is_as_it_was()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        Assert.IsNull(gan.LabelColumnName);
        Assert.IsEmpty(gan.Classes);
        Assert.AreEqual("Noise", string.Join(' ', gan.SampleNoise(1).Schema.Select(column => column.Name)));

        // A column of keys that nobody named changes nothing.
        DcganEstimator.Options options = Pictures.SmallOptions();
        using DcganTransformer plain = _ml.Transforms.Dcgan(options).Fit(LabelledPictures.Plain(_ml, LabelledPictures.Rows(8)));
        using DcganTransformer beside = _ml.Transforms.Dcgan(options).Fit(LabelledPictures.View(_ml, 8));
        CheckSame(Generated(plain, 4), Generated(beside, 4));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_bits()
    {
        using DcganTransformer one = LabelledPictures.Hasty(_ml), other = LabelledPictures.Hasty(_ml);
        CheckSame(Generated(one, 6), Generated(other, 6));
    }

    [TestMethod]
    public void The_short_overload_and_a_chain_take_labels()
    {
        IDataView view = LabelledPictures.Plain(_ml, LabelledPictures.Rows(8));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Class", "Kind")
            .Append(_ml.Transforms.Dcgan("Generated", imageColumnName: "Pixels", epochs: 1, batchSize: 4, noiseSize: 6, featureMaps: 4,
                labelColumnName: "Class"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "Class"));
        using var chain = pipeline.Fit(view);
        IDataView output = chain.Transform(view);
        CollectionAssert.AreEqual(LabelledPictures.Rows(8).Select(row => row.Kind).ToArray(), output.GetColumn<string>("Name").ToArray());
        Assert.HasCount(8, Generated(output));
    }

    [TestMethod]
    public void Features_and_realness_need_no_labels()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        using DcganFeaturizer featurizer = gan.Featurizer("Features", "Pixels");
        using DcganRealnessScorer scorer = gan.RealnessScorer("Realness", "Pixels");
        IDataView plain = LabelledPictures.Plain(_ml, LabelledPictures.Rows(3));
        Assert.AreEqual(featurizer.FeatureSize, featurizer.Transform(plain).GetColumn<float[]>("Features").First().Length);
        Assert.IsTrue(scorer.Transform(plain).GetColumn<float>("Realness").All(realness => realness is > 0 and < 1));
    }

    // Of any size, which GeneratedRow is not.
    private static byte[][] Generated(IDataView view) => view.GetColumn<MLImage>("Generated").Select(Bytes).ToArray();

    private static byte[][] Generated(DcganTransformer gan, int count) => GeneratedPictures.Generated(gan, count);

    private static void Refused(Action action, string message)
    {
        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(action);
        Assert.AreEqual("inputSchema", failure.ParamName);
        StringAssert.Contains(failure.Message, message);
    }

    public sealed class BareRow
    {
        [VectorType(1, 8, 8)]
        public float[] Pixels { get; set; } = [];

        [KeyType(3)]
        public uint Class { get; set; }
    }

    public sealed class TwoKeyRow
    {
        [KeyType(2)]
        public uint Class { get; set; }
    }

    public sealed class NamedNoise
    {
        [VectorType(6)]
        public float[] Noise { get; set; } = [];

        public string Class { get; set; } = "";
    }

    public sealed class KeyedNoise
    {
        [VectorType(6)]
        public float[] Noise { get; set; } = [];

        [KeyType(2)]
        public uint Class { get; set; }
    }

    public sealed class GeneratedRow
    {
        [ImageType(8, 8)]
        public MLImage? Generated { get; set; }
    }
}
