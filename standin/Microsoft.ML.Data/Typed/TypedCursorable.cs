using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view's columns bound to the members of a class.</summary>
internal sealed class TypedCursorable<TRow>
    where TRow : class
{
    private readonly IHost _host;
    private readonly IDataView _data;
    private readonly List<(int Index, InternalSchemaDefinition.Column Column)> _bound = new();

    private TypedCursorable(IHostEnvironment env, IDataView data, bool ignoreMissingColumns, InternalSchemaDefinition definition)
    {
        _host = env.Register("TypedCursorable");
        _data = data;
        foreach (InternalSchemaDefinition.Column column in definition.Columns)
        {
            if (data.Schema.GetColumnOrNull(column.ColumnName) is { } found)
            {
                CheckCompatible(found, column);
                _bound.Add((found.Index, column));
            }
            else if (!ignoreMissingColumns)
            {
                throw _host.ExceptSchemaMismatch(nameof(_data.Schema), "", column.ColumnName);
            }
        }
    }

    public static TypedCursorable<TRow> Create(IHostEnvironment env, IDataView data, bool ignoreMissingColumns, SchemaDefinition schemaDefinition)
    {
        var members = schemaDefinition == null
            ? SchemaDefinition.GetMemberInfos(typeof(TRow), SchemaDefinition.Direction.Write)
            : schemaDefinition.Select(column => InternalSchemaDefinition.FindMember(typeof(TRow), column.MemberName)).Where(member => member != null);
        foreach (MemberInfo member in members.Where(SchemaDefinition.NeedToCheckMemberInfo))
            CheckCustomType(member, data);

        var definition = schemaDefinition == null
            ? InternalSchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write)
            : InternalSchemaDefinition.Create(typeof(TRow), schemaDefinition);
        return new TypedCursorable<TRow>(env, data, ignoreMissingColumns, definition);
    }

    public TypedCursor<TRow> GetCursor()
    {
        var needed = _data.Schema.Where(column => _bound.Any(bound => bound.Index == column.Index));
        DataViewRowCursor cursor = _data.GetRowCursor(needed);
        return new TypedCursor<TRow>(cursor, GetRow(cursor));
    }

    public TypedRow<TRow> GetRow(DataViewRow row) => new TypedRow<TRow>(_host, row, _bound);

    public Func<int, bool> GetDependencies() => col => _bound.Any(bound => bound.Index == col);

    private void CheckCompatible(DataViewSchema.Column found, InternalSchemaDefinition.Column column)
    {
        InternalSchemaDefinition.GetVectorAndItemType(column.MemberInfo, out bool isVector, out Type itemType);
        if (isVector != found.Type is VectorDataViewType || found.Type.GetItemType().RawType != itemType)
        {
            throw _host.Except("Can't bind the IDataView column '{0}' of type '{1}' to field or property '{2}' of type '{3}'.",
                column.ColumnName, found.Type, column.MemberInfo.Name, column.OutputType.FullName);
        }
    }

    // A member of a class nobody registered can only hold a column of just that class.
    private static void CheckCustomType(MemberInfo member, IDataView data)
    {
        InternalSchemaDefinition.GetMappedType(InternalSchemaDefinition.TypeOf(member), out Type actualType, out _);
        if (InternalSchemaDefinition.IsPrimitive(actualType) || DataViewTypeManager.Knows(actualType, member.GetCustomAttributes()))
            return;
        string name = SchemaDefinition.NameOf(member);
        Type expected = data.Schema[data.Schema.GetColumnOrNull(name)?.Index ?? -1].Type.RawType;
        if (actualType != expected)
            throw Contracts.ExceptParam(nameof(actualType), $"The expected type '{expected}' does not match the type of the '{name}' member: '{actualType}'. Please change the {name} member to '{expected}'");
    }
}
