using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A schema definition found to match a class: each column with its member.</summary>
internal sealed class InternalSchemaDefinition
{
    private InternalSchemaDefinition(Column[] columns)
    {
        Columns = columns;
    }

    public Column[] Columns { get; }

    public static InternalSchemaDefinition Create(Type userType, SchemaDefinition.Direction direction)
        => Create(userType, SchemaDefinition.Create(userType, direction));

    public static InternalSchemaDefinition Create(Type userType, SchemaDefinition userSchemaDefinition)
    {
        userSchemaDefinition ??= SchemaDefinition.Create(userType);
        return new InternalSchemaDefinition(userSchemaDefinition.Select(column => Bind(userType, column, nameof(userSchemaDefinition))).ToArray());
    }

    public static MemberInfo FindMember(Type userType, string name) => (MemberInfo)userType.GetField(name) ?? userType.GetProperty(name);

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    public static void GetVectorAndItemType(MemberInfo member, out bool isVector, out Type itemType)
        => GetVectorAndItemType(member.Name, TypeOf(member), member.GetCustomAttributes(), out isVector, out itemType);

    public static void GetVectorAndItemType(string name, Type rawType, IEnumerable<Attribute> attributes, out bool isVector, out Type itemType)
    {
        GetMappedType(rawType, out itemType, out isVector);
        if (!IsPrimitive(itemType) && !DataViewTypeManager.Knows(itemType, attributes))
            throw Contracts.ExceptParam(nameof(rawType), "Could not determine an IDataView type and registered custom types for member {0}", name);
    }

    /// <summary>What a member of a type holds, in data views.</summary>
    public static void GetMappedType(Type rawType, out Type itemType, out bool isVector)
    {
        bool isBuffer = rawType.IsGenericType && rawType.GetGenericTypeDefinition() == typeof(VBuffer<>);
        isVector = rawType.IsArray || isBuffer;
        itemType = rawType.IsArray ? rawType.GetElementType() : isBuffer ? rawType.GetGenericArguments()[0] : rawType;
        if (itemType == typeof(string))
            itemType = typeof(ReadOnlyMemory<char>);
    }

    public static bool IsPrimitive(Type type)
        => type == typeof(ReadOnlyMemory<char>) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(DataViewRowId)
            || (!type.IsEnum && Type.GetTypeCode(type) is not (TypeCode.Object or TypeCode.Char or TypeCode.Decimal or TypeCode.DBNull or TypeCode.Empty));

    private static Column Bind(Type userType, SchemaDefinition.Column column, string paramName)
    {
        MemberInfo member = FindMember(userType, column.MemberName)
            ?? throw Contracts.ExceptParam(paramName, "No field or property with name '{0}' found in type '{1}'", column.MemberName, userType.FullName);
        GetVectorAndItemType(member, out bool isVector, out Type itemType);
        string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;

        DataViewType type = column.ColumnType;
        if (type == null)
        {
            PrimitiveDataViewType primitive = ColumnTypeExtensions.PrimitiveTypeFromType(itemType);
            type = isVector ? new VectorDataViewType(primitive) : primitive;
        }
        else if (isVector != type is VectorDataViewType)
        {
            throw Contracts.ExceptParam(paramName, "Column '{0}' is supposed to be {1}, but type of associated field '{2}' is {3}",
                name, isVector ? "scalar" : "vector", column.MemberName, isVector ? "vector" : "scalar");
        }
        else if (itemType != type.GetItemType().RawType)
        {
            throw Contracts.ExceptParam(paramName, "Column '{0}' is supposed to have item type {1}, but associated field has type {2}",
                name, type.GetItemType().RawType, itemType);
        }
        return new Column(name, type, member, column.Annotations);
    }

    internal sealed record Column(string ColumnName, DataViewType ColumnType, MemberInfo MemberInfo, DataViewSchema.Annotations Annotations)
    {
        public Type OutputType => TypeOf(MemberInfo);
    }
}
