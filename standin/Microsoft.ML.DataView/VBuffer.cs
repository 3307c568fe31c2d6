using System;
using System.Collections;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector, dense or sparse, over arrays that are handed on from row to row: a buffer given to a getter is storage
/// to be reused, and only <see cref="VBufferEditor"/> writes to it.
/// </summary>
public readonly partial struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        Check(length >= 0, nameof(length));
        Check((values?.Length ?? 0) >= length, nameof(values));

        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Check(length >= 0, nameof(length));
        Check(0 <= count && count <= length, nameof(count));
        Check((values?.Length ?? 0) >= count, nameof(values));
        Check(count == length || (indices?.Length ?? 0) >= count, nameof(indices));

        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public T GetItemOrDefault(int index)
    {
        T item = default;
        GetItemOrDefault(index, ref item);
        return item;
    }

    public void GetItemOrDefault(int index, ref T destination)
    {
        Check(0 <= index && index < Length, nameof(index));

        int at = IsDense ? index : GetIndices().BinarySearch(index);
        destination = at >= 0 ? _values[at] : default;
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (all)
        {
            int index = 0;
            foreach (T value in DenseValues())
                yield return new KeyValuePair<int, T>(index++, value);
        }
        else
        {
            for (int i = 0; i < _count; i++)
                yield return new KeyValuePair<int, T>(IsDense ? i : _indices[i], _values[i]);
        }
    }

    public IEnumerable<T> DenseValues()
    {
        int at = 0;
        for (int index = 0; index < Length; index++)
        {
            bool isExplicit = at < _count && (IsDense || _indices[at] == index);
            yield return isExplicit ? _values[at++] : default;
        }
    }

    // As in ML.NET, the whole of the backing array, used or not.
    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    private static void Check(bool condition, string parameter)
    {
        if (!condition)
            throw new ArgumentOutOfRangeException(parameter);
    }
}
