namespace Microsoft.ML.Dcgan.Data;

/// <summary>A view's column of images for a trained generator, and that of their classes where it has any.</summary>
internal sealed record LabelledImages(ImageColumn Images, LabelColumn? Labels)
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    public IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema schema) =>
        Labels == null ? [Images.Find(schema).Column] : [Images.Find(schema).Column, Labels.Find(schema)];

    public Rows RowsOf(DataViewRow input, int capacity, Func<string> which) => new(this, input, capacity, which);

    /// <summary>Some rows' images as bytes, planes first, and classes.</summary>
    internal sealed class Rows
    {
        private readonly int _imageSize;
        private readonly byte[] _pixels;
        private readonly long[] _labels;
        private readonly IPixelSource _source;
        private readonly Func<long>? _readLabel;
        private readonly Func<string> _which;

        public Rows(LabelledImages columns, DataViewRow input, int capacity, Func<string> which)
        {
            (DataViewSchema.Column column, ImageFormat format) = columns.Images.Find(input.Schema);
            _imageSize = format.Size;
            _pixels = new byte[capacity * _imageSize];
            _labels = new long[capacity];
            _source = PixelSource.For(input, column, format);
            _readLabel = columns.Labels?.ReaderOf(input, which);
            _which = () => $"Column '{column.Name}', {which()}";
        }

        /// <summary>Reads the input's current row into a slot.</summary>
        public void Read(int slot)
        {
            FailedRow.Naming(_which, () => _source.Read(_pixels.AsSpan(slot * _imageSize, _imageSize)));
            if (_readLabel != null)
                _labels[slot] = _readLabel();
        }

        public byte[] Pixels(int count) => _pixels[..(count * _imageSize)];

        public long[]? Labels(int count) => _readLabel == null ? null : _labels[..count];
    }
}
