using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Latent;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of the noise that is found for each row's image.</summary>
internal sealed class FoundNoiseColumn(GanNetworks networks, LabelledImages images, string name, NoiseSearchOptions options)
    : ComputedColumn(name, options.BatchSize)
{
    private readonly int _size = networks.Shape.NoiseSize;
    private readonly NoiseSearch _search = new(networks, options);

    public override DataViewType Type => new VectorDataViewType(NumberDataViewType.Single, _size);

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) => images.Sources(inputSchema);

    public override ComputedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(this, images.RowsOf(input, capacity, which));

    private sealed class Rows(FoundNoiseColumn column, LabelledImages.Rows images) : ComputedRows
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
