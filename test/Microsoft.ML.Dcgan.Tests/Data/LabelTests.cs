using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Data;

[TestClass]
public sealed class LabelTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Every_image_of_every_minibatch_has_its_own_label(bool filed)
    {
        const int Count = 1000, Classes = 5, Batch = 7;
        using var scope = NewDisposeScope();

        // An image's first pixel says its class and the next two its number.
        IDataView view = LabelledPictures.Keyed(_ml, Enumerable.Range(0, Count).Select(i =>
        {
            var pixels = new float[64];
            (pixels[0], pixels[1], pixels[2]) = (Pixel(ClassOf(i)), Pixel(i / 256), Pixel(i % 256));
            return new LabelledRow { Pixels = pixels, Kind = $"kind {ClassOf(i)}", Number = i };
        }));
        Assert.IsTrue(view.GetRowCursorSet(view.Schema, 4).Length > 1 || Environment.ProcessorCount == 1, "several cursors read");

        string folder = Directory.CreateTempSubdirectory().FullName;
        using Dataset images = filed ? new FileDataset(Count, (1, 8, 8), folder) : new MemoryDataset(Count, (1, 8, 8), CPU);
        ImageReader.Read(view, view.Schema["Pixels"], new ImageFormat(8, 8, 1), images, CancellationToken.None,
            LabelColumn.OfTraining(view.Schema, "Class"));
        var seen = new int[Count];
        using (var minibatches = new DataLoader(images, Batch, seed: 3, CPU))
        {
            for (int i = 0; i < 3 * Count / Batch; i++)
            {
                (Tensor pixels, Tensor? classes) = minibatches.Next();
                byte[] bytes = pixels.add(1).mul(127.5).round().to(ScalarType.Byte).contiguous().bytes.ToArray();
                long[] labels = classes!.data<long>().ToArray();
                Assert.HasCount(Batch, labels);
                for (int j = 0; j < Batch; j++)
                {
                    int number = bytes[j * 64 + 1] * 256 + bytes[j * 64 + 2];
                    Assert.AreEqual(ClassOf(number), labels[j]);
                    Assert.AreEqual(bytes[j * 64], labels[j]);
                    seen[number]++;
                }
            }
        }
        Assert.IsTrue(seen.All(times => times is 2 or 3), "every image, epoch after epoch");
        Directory.Delete(folder, recursive: true);

        static int ClassOf(int i) => i * 7 % 13 % Classes;

        static float Pixel(int value) => value / 127.5f - 1;
    }

    [TestMethod]
    public void Images_without_labels_have_none()
    {
        using var scope = NewDisposeScope();
        using Dataset images = Pictures.TrainingSet(8, 8, 8, 1);
        using var minibatches = new DataLoader(images, 4, seed: 1, CPU);
        Assert.IsNull(minibatches.Next().Labels);
    }

    [TestMethod]
    public void A_training_set_is_known_by_its_labels_too()
    {
        string[] fingerprints = new long[][] { [0, 1, 1, 0], [0, 1, 1, 0], [0, 1, 0, 0] }.Select(labels =>
        {
            using var images = new MemoryDataset(4, (1, 8, 8), CPU);
            images.Complete(Enumerable.Range(0, 4).Select(i => images.Add(Pictures.Bytes(i, 8, 8, 1))).ToArray(), labels);
            return images.Fingerprint();
        }).ToArray();
        Assert.AreEqual(fingerprints[0], fingerprints[1]);
        Assert.AreNotEqual(fingerprints[0], fingerprints[2]);
    }

    [TestMethod]
    public void Keys_of_every_width_are_read()
    {
        // Members count from 0, as ML.NET has it.
        long[] expected = [0, 2, 1];
        CollectionAssert.AreEqual(expected, Labels(new ByteKey { Class = 0 }, new ByteKey { Class = 2 }, new ByteKey { Class = 1 }));
        CollectionAssert.AreEqual(expected, Labels(new UIntKey { Class = 0 }, new UIntKey { Class = 2 }, new UIntKey { Class = 1 }));
        CollectionAssert.AreEqual(expected, Labels(new ULongKey { Class = 0 }, new ULongKey { Class = 2 }, new ULongKey { Class = 1 }));

        long[] Labels<T>(params T[] rows) where T : class
        {
            IDataView view = _ml.Data.LoadFromEnumerable(rows);
            LabelColumn labels = LabelColumn.OfTraining(view.Schema, "Class");
            CollectionAssert.AreEqual(new[] { "1", "2", "3" }, labels.Classes.ToArray());
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            RowReader<long> read = labels.ReaderOf(cursor);
            var label = new long[1];
            return rows.Select(_ =>
            {
                cursor.MoveNext();
                read(label);
                return label[0];
            }).ToArray();
        }
    }

    [TestMethod]
    public void Labels_that_cannot_be_trained_on_are_refused()
    {
        IDataView view = LabelledPictures.View(_ml, 8);
        Refused(Fit(view, "Classes"), "Could not find input column 'Classes', which LabelColumnName asks for. The columns are: Pixels, Kind, Size, Number, Class.");
        Refused(Fit(view, "Kind"), "Schema mismatch for input column 'Kind': expected a key, got String. Make keys of it with MapValueToKey");
        Refused(Fit(view, "Size"), "expected a key, got Single");
        Refused(Fit(_ml.Transforms.Concatenate("Two", "Size", "Size").Fit(view).Transform(view), "Two"),
            "expected a key, got Vector<Single, 2>");
        Refused(Fit(_ml.Data.LoadFromEnumerable([new OpenKey()]), "Class"),
            "leaves the number of classes open, or has more of them than 10000", "MapValueToKey, which counts them");

        // A chain knows before it reads anything.
        Refused(() => _ml.Transforms.CopyColumns("Copy", "Kind").Append(Estimator("Copy")).Fit(view), "'Copy': expected a key, got String");
        Refused(() => _ml.Transforms.CopyColumns("Copy", "Kind").Append(Estimator("Copies")).Fit(view),
            "Could not find input column 'Copies', which LabelColumnName asks for");

        static void Refused(Action fit, params string[] messages)
        {
            ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(fit);
            Assert.AreEqual("inputSchema", failure.ParamName);
            foreach (string message in messages)
                StringAssert.Contains(failure.Message, message);
        }
    }

    [TestMethod]
    public void Keys_of_values_that_no_class_can_have_are_refused()
    {
        IDataView times = Keyed(new[] { TimeSpan.Zero, TimeSpan.MaxValue }, TimeSpanDataViewType.Instance);
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => LabelColumn.OfTraining(times.Schema, "Class")).Message,
            "Input column 'Class' has keys of values of type TimeSpan, but of text, numbers or booleans are expected. Convert the values to text before MapValueToKey.");
        IDataView twice = Keyed(new[] { "dark", "dark" }, TextDataViewType.Instance);
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => LabelColumn.OfTraining(twice.Schema, "Class")).Message,
            "Column 'Class' has two keys of the value 'dark', but each class must have one.");
        CollectionAssert.AreEqual(new[] { "False", "True" },
            LabelColumn.OfTraining(Keyed(new[] { false, true }, BooleanDataViewType.Instance).Schema, "Class").Classes.ToArray());

        IDataView Keyed<T>(T[] values, PrimitiveDataViewType type)
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(BareKey));
            schema["Class"].AddAnnotation("KeyValues", values, new VectorDataViewType(type, values.Length));
            return _ml.Data.LoadFromEnumerable([new BareKey()], schema);
        }
    }

    [TestMethod]
    public void A_row_without_a_key_is_named()
    {
        LabelledRow[] rows = LabelledPictures.Rows(8);
        rows[5].Kind = "";
        string message = Assert.Throws<InvalidOperationException>(Fit(LabelledPictures.Keyed(_ml, rows), "Class")).Message;
        StringAssert.Contains(message, "Column 'Class', row 5");
        StringAssert.Contains(message,
            "has no key. MapValueToKey gives none to a missing value, or to one that it did not learn. Leave such rows out");
    }

    [TestMethod]
    public void A_class_without_images_is_warned_of()
    {
        var messages = new List<string>();
        _ml.Log += (_, entry) => messages.Add($"{entry.Kind} {entry.Message}");
        IDataView keys = _ml.Data.LoadFromEnumerable(new[] { "dark", "black", "bright", "white" }.Select(name => new KeyRow { Kind = name })
            .ToList());
        using DcganTransformer gan = _ml.Transforms.Dcgan(LabelledPictures.Options())
            .Fit(LabelledPictures.Keyed(_ml, LabelledPictures.Rows(8), keys: keys));

        Assert.HasCount(4, gan.Classes);
        Assert.IsTrue(messages.Any(message => message.StartsWith("Warning")
            && message.Contains("no image of 2 of the classes that column 'Class' names: 'black', 'white'")), string.Join('\n', messages));
    }

    private Action Fit(IDataView view, string labels) => () => Estimator(labels).Fit(view).Dispose();

    private DcganEstimator Estimator(string labels)
    {
        DcganEstimator.Options options = LabelledPictures.Options();
        options.LabelColumnName = labels;
        return _ml.Transforms.Dcgan(options);
    }

    public sealed class KeyRow
    {
        public string Kind { get; set; } = "";
    }

    public sealed class OpenKey
    {
        [VectorType(1, 8, 8)]
        public float[] Pixels { get; set; } = new float[64];

        [KeyType(uint.MaxValue)]
        public uint Class { get; set; } = 1;
    }

    public sealed class BareKey
    {
        [KeyType(2)]
        public uint Class { get; set; }
    }

    public sealed class ByteKey
    {
        [KeyType(3)]
        public byte Class { get; set; }
    }

    public sealed class UIntKey
    {
        [KeyType(3)]
        public uint Class { get; set; }
    }

    public sealed class ULongKey
    {
        [KeyType(3)]
        public ulong Class { get; set; }
    }
}
