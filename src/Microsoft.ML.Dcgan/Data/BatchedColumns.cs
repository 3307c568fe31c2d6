using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Latent;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Transforms.Image;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column that a network computes from each row alone, a minibatch of rows at once, on any number of threads.</summary>
/// <param name="name">The column that is added to the input's.</param>
/// <param name="batchSize">Rows computed at once.</param>
internal abstract class BatchedColumn(string name, int batchSize)
{
    public string Name { get; } = name;

    public int BatchSize { get; } = batchSize;

    public abstract DataViewType Type { get; }

    /// <summary>The columns that it is computed from; none where that is each row's id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing where it has to be there, or does not fit.</exception>
    public abstract IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema);

    /// <summary>Room for rows that are computed together.</summary>
    /// <param name="input">Where they are read, one after the other.</param>
    /// <param name="capacity">How many there may be.</param>
    /// <param name="which">What errors call the input's current row.</param>
    public abstract BatchedRows RowsOf(DataViewRow input, int capacity, Func<string> which);

    public DataViewSchema OutputSchema(DataViewSchema inputSchema)
    {
        Sources(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(Name, Type);
        return builder.ToSchema();
    }

    /// <summary>A getter, as <see cref="DataViewRow.GetGetter{TValue}"/> must return it, or its error for a wrong type.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}'; the column's type is {column.Type} and its values are of '{column.Type.RawType}'.");

    public static ArgumentOutOfRangeException Inactive(DataViewSchema.Column column) =>
        new(nameof(column), $"Column '{column.Name}' is not active in this cursor: name it when asking for the cursor.");
}

/// <summary>What some rows hold, and what was computed from it.</summary>
internal abstract class BatchedRows
{
    /// <summary>Reads the input's current row into a slot.</summary>
    public abstract void Read(int slot);

    /// <summary>Computes the first <paramref name="count"/> slots.</summary>
    public void Compute(int count) => LibTorchErrors.InOneSentence("Computing a column", () => ComputeSlots(count));

    protected abstract void ComputeSlots(int count);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type that gets what was computed of the slot that <paramref name="current"/> says.</summary>
    public abstract Delegate Getter(Func<int> current);
}

/// <summary>A column of training images as they were read, by each row's index among them.</summary>
internal sealed class StoredColumn(Dataset images, string name, int batchSize) : BatchedColumn(name, batchSize)
{
    private const string IndexName = "Index of training image";

    public override DataViewType Type => new ImageDataViewType(images.Shape.Height, images.Shape.Width);

    /// <summary>A view of this column for the images of these indices.</summary>
    public IDataView View(IEnumerable<long> indices)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Index)].ColumnName = IndexName;
        return new BatchedView(this, new MLContext().Data.LoadFromEnumerable(indices.Select(index => new Row { Index = index }).ToList(), schema));
    }

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) => [inputSchema[IndexName]];

    public override BatchedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(images, input.GetGetter<long>(input.Schema[IndexName]), capacity);

    private sealed class Rows(Dataset images, ValueGetter<long> getIndex, int capacity) : PictureRows(images.Shape.Height, images.Shape.Width)
    {
        private readonly long[] _indices = new long[capacity];

        public override void Read(int slot) => getIndex(ref _indices[slot]);

        protected override byte[] Render(int count)
        {
            using var scope = NewDisposeScope();
            return Pixels.ToBgra(images.Gather(tensor(_indices[..count])));
        }
    }

    private sealed class Row
    {
        public long Index { get; set; }
    }
}

/// <summary>A column of images, generated from each row's noise and, where there are classes, label.</summary>
internal sealed class GeneratedColumn(GanNetworks networks, NoiseColumn noise, LabelColumn? labels, string name, int batchSize) : BatchedColumn(name, batchSize)
{
    public NoiseColumn Noise { get; } = noise;

    public LabelColumn? Labels { get; } = labels;

    public override DataViewType Type => new ImageDataViewType(networks.Shape.Height, networks.Shape.Width);

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema)
    {
        var sources = new List<DataViewSchema.Column>();
        if (Noise.Find(inputSchema) is { } noise)
            sources.Add(noise);
        if (Labels != null)
            sources.Add(Labels.Find(inputSchema));
        return sources;
    }

    public override BatchedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(networks, Noise.ReaderOf(input, which), Labels?.ReaderOf(input, which), capacity);

    private sealed class Rows(GanNetworks networks, NoiseColumn.Reader readNoise, Func<long>? readLabel, int capacity)
        : PictureRows(networks.Shape.Height, networks.Shape.Width)
    {
        private readonly int _noiseSize = networks.Shape.NoiseSize;
        private readonly float[] _noise = new float[capacity * networks.Shape.NoiseSize];
        private readonly long[]? _labels = readLabel == null ? null : new long[capacity];

        public override void Read(int slot)
        {
            readNoise(_noise.AsSpan(slot * _noiseSize, _noiseSize));
            if (_labels != null)
                _labels[slot] = readLabel!();
        }

        protected override byte[] Render(int count) => ImageSynthesis.Render(networks, _noise[..(count * _noiseSize)], _labels?[..count]);
    }
}

/// <summary>A column of the noise that is found for each row's image.</summary>
internal sealed class FoundNoiseColumn(GanNetworks networks, LabelledImages images, string name, LatentProjectionOptions options)
    : BatchedColumn(name, options.BatchSize)
{
    private readonly int _size = networks.Shape.NoiseSize;
    private readonly LatentProjection _search = new(networks, options);

    public override DataViewType Type => new VectorDataViewType(NumberDataViewType.Single, _size);

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) => images.Sources(inputSchema);

    public override BatchedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(this, images.RowsOf(input, capacity, which));

    private sealed class Rows(FoundNoiseColumn column, LabelledImages.Rows images) : BatchedRows
    {
        private float[] _noise = [];

        public override void Read(int slot) => images.Read(slot);

        protected override void ComputeSlots(int count) => _noise = column._search.Find(images.Pixels(count), images.Labels(count));

        public override Delegate Getter(Func<int> current) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> noise) =>
        {
            int slot = current();    // which may compute
            VBufferEditor<float> editor = VBufferEditor.Create(ref noise, column._size);
            _noise.AsSpan(slot * column._size, column._size).CopyTo(editor.Values);
            noise = editor.Commit();
        });
    }
}

/// <summary>A column of how each row's image differs from what is generated of the row's noise.</summary>
internal sealed class ReconstructionErrorColumn(GanNetworks networks, LabelledImages images, NoiseColumn noise, string name, int batchSize)
    : BatchedColumn(name, batchSize)
{
    public override DataViewType Type => NumberDataViewType.Single;

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) =>
        [.. images.Sources(inputSchema), inputSchema[noise.Name]];

    public override BatchedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(networks, images.RowsOf(input, capacity, which), noise.ReaderOf(input, which), capacity);

    private sealed class Rows(GanNetworks networks, LabelledImages.Rows images, NoiseColumn.Reader readNoise, int capacity) : BatchedRows
    {
        private readonly int _size = networks.Shape.NoiseSize;
        private readonly float[] _noise = new float[capacity * networks.Shape.NoiseSize];
        private double[] _errors = [];

        public override void Read(int slot)
        {
            images.Read(slot);
            readNoise(_noise.AsSpan(slot * _size, _size));
        }

        protected override void ComputeSlots(int count) =>
            _errors = ReconstructionError.Of(networks, images.Pixels(count), _noise[..(count * _size)], images.Labels(count));

        public override Delegate Getter(Func<int> current) => (ValueGetter<float>)((ref float error) => error = (float)_errors[current()]);
    }
}
