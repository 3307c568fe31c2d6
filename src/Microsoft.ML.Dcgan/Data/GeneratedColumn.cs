using System;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of images, generated from each row's noise.</summary>
internal sealed class GeneratedColumn(GanNetworks networks, NoiseColumn noise, string name, int batchSize) : ComputedColumn(name, batchSize)
{
    public NoiseColumn Noise { get; } = noise;

    public override DataViewType Type => new ImageDataViewType(networks.Shape.Height, networks.Shape.Width);

    public override DataViewSchema.Column? Source(DataViewSchema inputSchema) => Noise.Find(inputSchema);

    public override ComputedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(networks, Noise.ReaderOf(input, which), capacity);

    private sealed class Rows(GanNetworks networks, NoiseColumn.Reader read, int capacity) : PictureRows(networks.Shape.Height, networks.Shape.Width)
    {
        private readonly int _noiseSize = networks.Shape.NoiseSize;
        private readonly float[] _noise = new float[capacity * networks.Shape.NoiseSize];

        public override void Read(int slot) => read(_noise.AsSpan(slot * _noiseSize, _noiseSize));

        protected override byte[] Render(int count) => ImageSynthesis.Render(networks, _noise[..(count * _noiseSize)]);
    }
}
