using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of images, generated from each row's noise and, where there are classes, label.</summary>
internal sealed class GeneratedColumn(GanNetworks networks, NoiseColumn noise, LabelColumn? labels, string name, int batchSize) : ComputedColumn(name, batchSize)
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

    public override ComputedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
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
