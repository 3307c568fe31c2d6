using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Latent;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of how each row's image differs from what is generated of the row's noise.</summary>
internal sealed class ReconstructionErrorColumn(GanNetworks networks, LabelledImages images, NoiseColumn noise, string name, int batchSize)
    : ComputedColumn(name, batchSize)
{
    public override DataViewType Type => NumberDataViewType.Single;

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) =>
        [.. images.Sources(inputSchema), inputSchema[noise.Name]];

    public override ComputedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(networks, images.RowsOf(input, capacity, which), noise.ReaderOf(input, which), capacity);

    private sealed class Rows(GanNetworks networks, LabelledImages.Rows images, NoiseColumn.Reader readNoise, int capacity) : ComputedRows
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
