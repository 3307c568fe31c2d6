using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Knows which data view type stands for a member of a class type, such as an image with an [ImageType].</summary>
public static class DataViewTypeManager
{
    private static readonly HashSet<Type> _bannedRawTypes = new()
    {
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(string), typeof(ReadOnlyMemory<char>), typeof(VBuffer<>), typeof(Nullable<>),
        typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DataViewRowId),
    };

    private static readonly object _lock = new();
    private static readonly Dictionary<(Type Raw, DataViewTypeAttribute Attribute), DataViewType> _fromMember = new();
    private static readonly Dictionary<DataViewType, (Type Raw, DataViewTypeAttribute Attribute)> _toMember = new();

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        lock (_lock)
        {
            if (_bannedRawTypes.Contains(type))
                throw Contracts.ExceptParam(nameof(type), $"Type {type} has been registered as ML.NET's default supported type, so it can't not be registered again.");

            var member = (type, typeAttribute);
            if (_fromMember.TryGetValue(member, out DataViewType known) && !known.Equals(dataViewType))
                throw Contracts.ExceptParam(nameof(type), $"Repeated type register. The raw type {type} has been associated with {known} so it cannot be associated with {dataViewType}.");
            if (_toMember.TryGetValue(dataViewType, out var other) && !other.Equals(member))
                throw Contracts.ExceptParam(nameof(dataViewType), $"Repeated type register. The DataView type {dataViewType} has been associated with {other.Raw} so it cannot be associated with {type}.");

            _fromMember[member] = dataViewType;
            _toMember[dataViewType] = member;
        }
    }

    internal static DataViewType GetDataViewType(Type type, IEnumerable<Attribute> typeAttributes = null)
    {
        lock (_lock)
        {
            if (!_fromMember.TryGetValue((type, TypeAttribute(type, typeAttributes)), out DataViewType dataViewType))
                throw Contracts.ExceptParam(nameof(type), $"The raw type {type} with attributes {typeAttributes} is not registered with a DataView type.");
            return dataViewType;
        }
    }

    internal static bool Knows(Type type, IEnumerable<Attribute> typeAttributes = null)
    {
        lock (_lock)
            return _fromMember.ContainsKey((type, TypeAttribute(type, typeAttributes)));
    }

    internal static bool Knows(DataViewType dataViewType)
    {
        lock (_lock)
            return _toMember.ContainsKey(dataViewType);
    }

    private static DataViewTypeAttribute TypeAttribute(Type type, IEnumerable<Attribute> attributes)
    {
        var found = (attributes ?? Enumerable.Empty<Attribute>()).OfType<DataViewTypeAttribute>().ToArray();
        if (found.Length > 1)
            throw Contracts.ExceptParam(nameof(type), $"Type {type.Name} cannot be marked with multiple attributes, {string.Join<Attribute>(", ", found)}, derived from {typeof(DataViewTypeAttribute)}.");
        return found.SingleOrDefault();
    }
}
