using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column that a network computes from each row alone, a minibatch of rows at once, on any number of threads.</summary>
internal sealed record BatchedColumn(string Name, DataViewType Type, RowInputs Inputs, int BatchSize, Func<RowBatch, RowBuffer> Buffer)
{
    /// <summary>A column of images of one size, which come as <see cref="Pixels.ToBgra"/> has them.</summary>
    public static BatchedColumn OfImages(string name, RowInputs inputs, int batchSize, int height, int width,
        Func<RowBatch, byte[]> render) =>
        // What is handed in is not disposed: CreateEnumerable hands in the row before's image, which is its user's by then.
        Create(name, new ImageDataViewType(height, width), inputs, batchSize, render, row => (ValueGetter<MLImage>)((ref MLImage image) =>
        {
            (byte[] bgra, int slot) = row();
            image = Pixels.ToImage(bgra, slot, height, width);
        }));

    /// <summary>A column of numbers.</summary>
    public static BatchedColumn OfNumbers(string name, RowInputs inputs, int batchSize, Func<RowBatch, float[]> compute) =>
        Create(name, NumberDataViewType.Single, inputs, batchSize, compute, row => (ValueGetter<float>)((ref float number) =>
        {
            (float[] numbers, int slot) = row();
            number = numbers[slot];
        }));

    /// <summary>A column of vectors, which come one row's after another's.</summary>
    public static BatchedColumn OfVectors(string name, RowInputs inputs, int batchSize, int size, Func<RowBatch, float[]> compute) =>
        Create(name, new VectorDataViewType(NumberDataViewType.Single, size), inputs, batchSize, compute,
            row => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> vector) =>
            {
                (float[] numbers, int slot) = row();
                VBufferEditor<float> editor = VBufferEditor.Create(ref vector, size);
                numbers.AsSpan(slot * size, size).CopyTo(editor.Values);
                vector = editor.Commit();
            }));

    private static BatchedColumn Create<T>(string name, DataViewType type, RowInputs inputs, int batchSize,
        Func<RowBatch, T[]> compute, Func<Func<(T[] All, int Slot)>, Delegate> getter) => new(name, type, inputs, batchSize, batch =>
    {
        T[] all = [];
        return new RowBuffer(batch.Read, current => getter(() =>
        {
            int slot = current();    // which may compute
            return (all, slot);
        }))
        {
            Compute = count =>
            {
                batch.Count = count;
                LibTorchErrors.InOneSentence("Computing a column", () => all = compute(batch));
            },
        };
    });

    /// <summary>Room for rows that are computed together. Errors call the input's current one what they are told.</summary>
    public RowBuffer BufferOf(DataViewRow input, int capacity, Func<string> which) => Buffer(new RowBatch(Inputs, input, capacity, which));

    public DataViewSchema OutputSchema(DataViewSchema inputSchema)
    {
        Inputs.Sources(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(Name, Type);
        return builder.ToSchema();
    }
}

/// <summary>What networks take of each row, as far as a column needs it.</summary>
internal sealed record RowInputs(ImageColumn? Images = null, NoiseColumn? Noise = null, LabelColumn? Labels = null)
{
    /// <summary>The columns that they are; none where that is each row's id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing where it has to be there, or does not fit.</exception>
    public IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema schema) =>
        [.. new[] { Images?.Find(schema).Column, Noise?.Find(schema), Labels?.Find(schema) }.OfType<DataViewSchema.Column>()];
}

/// <summary>The inputs of some rows, one row's after another's.</summary>
internal sealed class RowBatch
{
    private readonly RowSlots<byte>? _pixels;
    private readonly RowSlots<float>? _noise;
    private readonly RowSlots<long>? _labels;

    public RowBatch(RowInputs inputs, DataViewRow row, int capacity, Func<string> which)
    {
        if (inputs.Images?.Find(row.Schema) is var (column, format))
            _pixels = new(format.Size, capacity, PixelReader.For(row, column, format).Naming(column.Name, which));
        if (inputs.Noise is { } noise)
            _noise = new(noise.Size, capacity, noise.ReaderOf(row).Naming(noise.Name, which));
        if (inputs.Labels is { } labels)
            _labels = new(1, capacity, labels.ReaderOf(row).Naming(labels.Name, which));
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; set; }

    /// <summary>Images as bytes [height, width, channels].</summary>
    public byte[] Pixels => _pixels?.First(Count) ?? [];

    public float[] Noise => _noise?.First(Count) ?? [];

    /// <summary>Classes, from 0; null where there are none.</summary>
    public long[]? Labels => _labels?.First(Count);

    public void Read(int slot)
    {
        _pixels?.Read(slot);
        _noise?.Read(slot);
        _labels?.Read(slot);
    }
}
