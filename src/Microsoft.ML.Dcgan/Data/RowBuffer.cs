using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Keeps one column's values of the rows that a cursor has read ahead.</summary>
internal abstract class RowBuffer
{
    public static RowBuffer For(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        Type raw = column.Type.RawType;
        if (raw == typeof(MLImage))
            return new Images(source, column, capacity);
        Type kind = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(Vectors<>).MakeGenericType(raw.GetGenericArguments())
            : typeof(Values<>).MakeGenericType(raw);
        return (RowBuffer)Activator.CreateInstance(kind, source, column, capacity)!;
    }

    /// <summary>Reads the source's current row into a slot.</summary>
    public abstract void Read(int slot);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type that gets the value in the slot that <paramref name="current"/> says.</summary>
    public abstract Delegate Getter(Func<int> current);

    private sealed class Values<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : RowBuffer
    {
        private readonly ValueGetter<T> _getter = source.GetGetter<T>(column);
        private readonly T[] _slots = new T[capacity];

        public override void Read(int slot)
        {
            // A getter may reuse or dispose what it is handed, and that may still be in somebody's hands.
            _slots[slot] = default!;
            _getter(ref _slots[slot]);
        }

        public override Delegate Getter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _slots[current()]);
    }

    // What a getter gives may be the source's own, which it disposes for the next row: ResizeImages passes images on that need no resizing.
    private sealed class Images(DataViewRow source, DataViewSchema.Column column, int capacity) : RowBuffer
    {
        private readonly ValueGetter<MLImage> _getter = source.GetGetter<MLImage>(column);
        private readonly Func<MLImage>?[] _slots = new Func<MLImage>?[capacity];
        private MLImage? _image;

        public override void Read(int slot)
        {
            _getter(ref _image!);
            _slots[slot] = _image == null ? null : Copy(_image);
        }

        public override Delegate Getter(Func<int> current) => (ValueGetter<MLImage>)((ref MLImage image) => image = _slots[current()]?.Invoke()!);

        private static Func<MLImage> Copy(MLImage image)
        {
            (int width, int height, MLPixelFormat format, string tag) = (image.Width, image.Height, image.PixelFormat, image.Tag);
            if (format == MLPixelFormat.Unknown)
                return () => image;
            byte[] pixels = image.Pixels.ToArray();
            return () =>
            {
                MLImage copy = MLImage.CreateFromPixels(width, height, format, pixels);
                copy.Tag = tag;
                return copy;
            };
        }
    }

    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : RowBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _getter = source.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _slots = new VBuffer<T>[capacity];

        public override void Read(int slot) => _getter(ref _slots[slot]);

        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _slots[current()].CopyTo(ref value));
    }
}
