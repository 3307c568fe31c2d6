using System;
using System.Collections.Generic;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>How values that get keys are read and compared. Texts by their characters.</summary>
internal static class KeyTerms<T>
    where T : struct
{
    public static IEqualityComparer<T> Comparer { get; } = typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (IEqualityComparer<T>)(object)new TextComparer()
        : EqualityComparer<T>.Default;

    public static IComparer<T> Order { get; } = typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (IComparer<T>)(object)new TextComparer()
        : Comparer<T>.Default;

    public static bool IsMissing(T value) => value switch
    {
        ReadOnlyMemory<char> text => text.IsEmpty,
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        _ => false,
    };

    /// <summary>Reads a row's value, or all values of its vector.</summary>
    public static Func<IEnumerable<T>> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            var vector = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> values = default;
            return () =>
            {
                vector(ref values);
                return values.DenseValues();
            };
        }

        var getter = row.GetGetter<T>(column);
        var value = new T[1];
        return () =>
        {
            getter(ref value[0]);
            return value;
        };
    }

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);

        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
