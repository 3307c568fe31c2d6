using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column that a network computes from each row alone, a minibatch of rows at once, on any number of threads.</summary>
/// <param name="name">The column that is added to the input's.</param>
/// <param name="inputs">What it is computed from.</param>
/// <param name="batchSize">Rows computed at once.</param>
internal abstract class BatchedColumn(string name, RowInputs inputs, int batchSize)
{
    public string Name { get; } = name;

    public int BatchSize { get; } = batchSize;

    public abstract DataViewType Type { get; }

    /// <summary>The columns that it is computed from; none where that is each row's id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing where it has to be there, or does not fit.</exception>
    public IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) => inputs.Sources(inputSchema);

    /// <summary>Room for rows that are computed together.</summary>
    /// <param name="input">Where they are read, one after the other.</param>
    /// <param name="capacity">How many there may be.</param>
    /// <param name="which">What errors call the input's current row.</param>
    public BatchedRows RowsOf(DataViewRow input, int capacity, Func<string> which) => Rows(new RowBatch(inputs, input, capacity, which));

    protected abstract BatchedRows Rows(RowBatch batch);

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
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}'; " +
            $"the column's type is {column.Type} and its values are of '{column.Type.RawType}'.");

    public static ArgumentOutOfRangeException Inactive(DataViewSchema.Column column) =>
        new(nameof(column), $"Column '{column.Name}' is not active in this cursor: name it when asking for the cursor.");
}

/// <summary>A column of images of one size, which come as <see cref="Pixels.ToBgra"/> has them.</summary>
internal sealed class ImagesColumn(string name, RowInputs inputs, int batchSize, int height, int width, Func<RowBatch, byte[]> render)
    : BatchedColumn(name, inputs, batchSize)
{
    public override DataViewType Type => new ImageDataViewType(height, width);

    protected override BatchedRows Rows(RowBatch batch)
    {
        byte[] bgra = [];

        // What is handed in is not disposed: CreateEnumerable hands in the row before's image, which is its user's by then.
        return new BatchedRows(batch, rows => bgra = render(rows), current => (ValueGetter<MLImage>)((ref MLImage image) =>
        {
            int slot = current();    // which may compute
            image = Pixels.ToImage(bgra, slot, height, width);
        }));
    }
}

/// <summary>A column of vectors of numbers or, where there is no size, of one; they come one row's after another's.</summary>
internal sealed class NumbersColumn(string name, RowInputs inputs, int batchSize, int? size, Func<RowBatch, float[]> compute)
    : BatchedColumn(name, inputs, batchSize)
{
    public override DataViewType Type =>
        size is int known ? new VectorDataViewType(NumberDataViewType.Single, known) : NumberDataViewType.Single;

    protected override BatchedRows Rows(RowBatch batch)
    {
        float[] numbers = [];
        return new BatchedRows(batch, rows => numbers = compute(rows),
            current => size is int known ? Vector(known, current) : Number(current));

        Delegate Number(Func<int> current) => (ValueGetter<float>)((ref float number) =>
        {
            int slot = current();    // which may compute
            number = numbers[slot];
        });

        Delegate Vector(int known, Func<int> current) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> vector) =>
        {
            int slot = current();
            VBufferEditor<float> editor = VBufferEditor.Create(ref vector, known);
            numbers.AsSpan(slot * known, known).CopyTo(editor.Values);
            vector = editor.Commit();
        });
    }
}

/// <summary>Rows that are computed together.</summary>
/// <param name="batch">What they are computed from.</param>
/// <param name="compute">Computes all of a batch.</param>
/// <param name="getter">A <see cref="ValueGetter{TValue}"/> of the column's raw type, for the slot that its argument says.</param>
internal sealed class BatchedRows(RowBatch batch, Action<RowBatch> compute, Func<Func<int>, Delegate> getter)
{
    /// <summary>Reads the input's current row into a slot.</summary>
    public void Read(int slot) => batch.Read(slot);

    /// <summary>Computes the first <paramref name="count"/> slots.</summary>
    public void Compute(int count)
    {
        batch.Count = count;
        LibTorchErrors.InOneSentence("Computing a column", () => compute(batch));
    }

    public Delegate Getter(Func<int> current) => getter(current);
}

/// <summary>What networks take of each row, as far as a column needs it.</summary>
internal sealed record RowInputs(
    ImageColumn? Images = null, NoiseColumn? Noise = null, LabelColumn? Labels = null, string? IndexName = null)
{
    public IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema schema)
    {
        var sources = new List<DataViewSchema.Column>();
        if (Images != null)
            sources.Add(Images.Find(schema).Column);
        if (Noise?.Find(schema) is { } noise)
            sources.Add(noise);
        if (Labels != null)
            sources.Add(Labels.Find(schema));
        if (IndexName != null)
            sources.Add(schema[IndexName]);
        return sources;
    }
}

/// <summary>The inputs of some rows, one row's after another's.</summary>
internal sealed class RowBatch
{
    private readonly (byte[] All, int Size, Action<Memory<byte>> Read)? _pixels;
    private readonly (float[] All, int Size, NoiseColumn.Reader Read)? _noise;
    private readonly (long[] All, Func<long> Read)? _labels;

    public RowBatch(RowInputs inputs, DataViewRow row, int capacity, Func<string> which)
    {
        if (inputs.Images != null)
        {
            (DataViewSchema.Column column, ImageFormat format) = inputs.Images.Find(row.Schema);
            IPixelReader source = PixelReader.For(row, column, format);
            _pixels = (new byte[capacity * format.Size], format.Size,
                pixels => RowErrors.Naming(() => $"Column '{column.Name}', {which()}", () => source.Read(pixels.Span)));
        }
        if (inputs.Noise is { } noise)
            _noise = (new float[capacity * noise.Size], noise.Size, noise.ReaderOf(row, which));
        if (inputs.Labels is { } labels)
            _labels = (new long[capacity], labels.ReaderOf(row, which));
        if (inputs.IndexName is { } name)
        {
            ValueGetter<long> getter = row.GetGetter<long>(row.Schema[name]);
            _labels = (new long[capacity], () =>
            {
                long index = 0;
                getter(ref index);
                return index;
            });
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; set; }

    /// <summary>Images as bytes [height, width, channels].</summary>
    public byte[] Pixels => _pixels is { } pixels ? pixels.All[..(Count * pixels.Size)] : [];

    public float[] Noise => _noise is { } noise ? noise.All[..(Count * noise.Size)] : [];

    /// <summary>Classes, from 0; null where there are none.</summary>
    public long[]? Labels => _labels?.All[..Count];

    public void Read(int slot)
    {
        if (_pixels is { } pixels)
            pixels.Read(pixels.All.AsMemory(slot * pixels.Size, pixels.Size));
        if (_noise is { } noise)
            noise.Read(noise.All.AsSpan(slot * noise.Size, noise.Size));
        if (_labels is { } labels)
            labels.All[slot] = labels.Read();
    }
}
