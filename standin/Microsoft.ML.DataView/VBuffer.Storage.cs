using System;

namespace Microsoft.ML.Data;

public readonly partial struct VBuffer<T>
{
    internal VBufferEditor<T> GetEditor(int newLogicalLength, int? valuesCount = null, int? maxValuesCapacity = null,
        bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        if (newLogicalLength < 0)
            throw new ArgumentOutOfRangeException(nameof(newLogicalLength), "Must be non-negative.");
        if (valuesCount < 0)
            throw new ArgumentOutOfRangeException(nameof(valuesCount), "If specified, must be non-negative.");
        if (valuesCount > newLogicalLength)
            throw new ArgumentOutOfRangeException(nameof(valuesCount), "If specified, must be no greater than newLogicalLength");

        int count = valuesCount ?? newLogicalLength;
        int capacity = maxValuesCapacity ?? Array.MaxLength;
        bool needsIndices = requireIndicesOnDense || count < newLogicalLength;

        T[] values = _values;
        int[] indices = _indices;
        bool createdNewValues = EnsureSize(ref values, count, capacity, keepOldOnResize);
        bool createdNewIndices = needsIndices && EnsureSize(ref indices, count, capacity, keepOldOnResize);
        return new VBufferEditor<T>(newLogicalLength, count, values, createdNewValues, indices, createdNewIndices, needsIndices);
    }

    /// <summary>Doubles the array, or more where that is not enough; true if it had to.</summary>
    private static bool EnsureSize<TItem>(ref TItem[] array, int minimum, int maximum, bool keepOld)
    {
        if (minimum > maximum)
            throw new ArgumentOutOfRangeException("max", "min must not exceed max");

        int size = array?.Length ?? 0;
        if (size >= minimum)
            return false;

        long doubled = size == 0 ? 4 : 2L * size;
        int newSize = (int)Math.Max(minimum, Math.Min(doubled, maximum));
        if (keepOld)
            Array.Resize(ref array, newSize);
        else
            array = new TItem[newSize];
        return true;
    }
}
