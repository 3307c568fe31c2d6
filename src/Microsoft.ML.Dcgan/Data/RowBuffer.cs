using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Keeps one column's values of the rows that a cursor has read ahead.</summary>
internal abstract class RowBuffer
{
    public static RowBuffer For(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        Type raw = column.Type.RawType;
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

    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : RowBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _getter = source.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _slots = new VBuffer<T>[capacity];

        public override void Read(int slot) => _getter(ref _slots[slot]);

        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _slots[current()].CopyTo(ref value));
    }
}
