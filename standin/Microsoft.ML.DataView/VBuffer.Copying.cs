using System;

namespace Microsoft.ML.Data;

public readonly partial struct VBuffer<T>
{
    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        int available = source?.Length ?? 0;
        Check(0 <= length && length <= available, nameof(length));
        Check(0 <= sourceIndex && sourceIndex <= available - length, nameof(sourceIndex));

        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Check(0 <= sourceIndex && sourceIndex <= Length, nameof(sourceIndex));
        Check(0 <= length && sourceIndex <= Length - length, nameof(length));

        int first = PositionOf(sourceIndex);
        int count = PositionOf(sourceIndex + length) - first;
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, count);
        _values.AsSpan(first, count).CopyTo(editor.Values);
        for (int i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
            throw new ArgumentOutOfRangeException(nameof(destination), "Not large enough to hold these values.");

        destination = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(destination);
            return;
        }

        // As in ML.NET, a vector with no explicit value at all yields zeros, whatever the default.
        destination.Fill(_count > 0 ? defaultValue : default);
        for (int i = 0; i < _count; i++)
            destination[_indices[i]] = _values[i];
    }

    /// <summary>How many explicit values lie before the index.</summary>
    private int PositionOf(int index)
    {
        if (IsDense)
            return index;
        int at = GetIndices().BinarySearch(index);
        return at >= 0 ? at : ~at;
    }
}
