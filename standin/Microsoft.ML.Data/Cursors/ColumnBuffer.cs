using System;

namespace Microsoft.ML.Data;

/// <summary>Values of one column, copied so that they outlive the rows they came from.</summary>
internal abstract class ColumnBuffer
{
    public static ColumnBuffer Create(DataViewType type)
    {
        Type buffer = type is VectorDataViewType vector
            ? typeof(VectorBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ValueBuffer<>).MakeGenericType(type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(buffer);
    }

    /// <summary>A getter that copies a value out of the buffer that is then current, at the index that is then current.</summary>
    public static Delegate MakeGetter(DataViewType type, Func<ColumnBuffer> buffer, Func<int> index) => Create(type).MakeGetter(buffer, index);

    /// <summary>Copies the value that a cursor's getter gives now.</summary>
    public abstract void Store(int index, Delegate getter);

    protected abstract Delegate MakeGetter(Func<ColumnBuffer> buffer, Func<int> index);

    private abstract class Typed<T> : ColumnBuffer
    {
        private T[] _values = Array.Empty<T>();

        public override void Store(int index, Delegate getter)
        {
            if (index >= _values.Length)
                Array.Resize(ref _values, Math.Max(index + 1, (int)Math.Min(2L * _values.Length, Array.MaxLength)));
            ((ValueGetter<T>)getter)(ref _values[index]);
        }

        protected override Delegate MakeGetter(Func<ColumnBuffer> buffer, Func<int> index)
            => (ValueGetter<T>)((ref T value) =>
            {
                int current = index();
                var values = ((Typed<T>)buffer())._values;
                Copy(in values[current], ref value);
            });

        protected abstract void Copy(in T source, ref T destination);
    }

    private sealed class ValueBuffer<T> : Typed<T>
    {
        protected override void Copy(in T source, ref T destination) => destination = source;
    }

    private sealed class VectorBuffer<T> : Typed<VBuffer<T>>
    {
        protected override void Copy(in VBuffer<T> source, ref VBuffer<T> destination) => source.CopyTo(ref destination);
    }
}
