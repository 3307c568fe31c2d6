using System;

namespace Microsoft.ML.Data;

public static class VBufferEditor
{
    /// <summary>Edits a buffer in place: its size and its number of explicit values stay.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination)
        => destination.GetEditor(destination.Length, destination.GetValues().Length);

    /// <summary>Edits the storage of a buffer as one of another size. Old content stays where the storage is large enough.</summary>
    public static VBufferEditor<T> Create<T>(scoped ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null,
        int? maxValuesCapacity = null, bool keepOldOnResize = false, bool requireIndicesOnDense = false)
        => destination.GetEditor(newLogicalLength, valuesCount, maxValuesCapacity, keepOldOnResize, requireIndicesOnDense);
}

public readonly ref struct VBufferEditor<T>
{
    private readonly int _logicalLength;
    private readonly T[] _values;
    private readonly int[] _indices;

    public readonly Span<T> Values;

    public readonly Span<int> Indices;

    internal VBufferEditor(int logicalLength, int count, T[] values, bool createdNewValues, int[] indices, bool createdNewIndices,
        bool exposeIndices)
    {
        _logicalLength = logicalLength;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = exposeIndices ? indices.AsSpan(0, count) : default;
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_logicalLength, Values.Length, _values, _indices);

    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        if (physicalValuesCount > Values.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(physicalValuesCount),
                "CommitTruncated cannot keep more values than the editor was created for.");
        }

        return new VBuffer<T>(_logicalLength, physicalValuesCount, _values, _indices);
    }
}
