using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which members of a class are columns, of what names and types.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => this.FirstOrDefault(column => column.ColumnName == columnName);
        set
        {
            Contracts.CheckValue(value, nameof(value));
            if (value.ColumnName != columnName)
            {
                throw Contracts.ExceptParam(nameof(columnName), "The column name is specified as '{0}' but must match the selector '{1}'.",
                    value.ColumnName, columnName);
            }
            int index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        var definition = new SchemaDefinition();
        var names = new HashSet<string>();
        foreach (MemberInfo member in GetMemberInfos(userType, direction).Where(NeedToCheckMemberInfo))
        {
            RegisterType(member);
            string name = NameOf(member);
            // Members come in no certain order, so which of two would hide the other is not certain either.
            if (!names.Add(name))
                throw Contracts.ExceptParam(nameof(userType), "Duplicate column name '{0}' detected, this is disallowed", name);
            definition.Add(new Column(member.Name, TypeOf(member), name));
        }
        return definition;
    }

    internal static IEnumerable<MemberInfo> GetMemberInfos(Type userType, Direction direction)
    {
        Contracts.CheckValue(userType, nameof(userType));
        const BindingFlags PublicInstance = BindingFlags.Public | BindingFlags.Instance;
        var properties = userType.GetProperties(PublicInstance).Where(property => property.GetIndexParameters().Length == 0
            && ((direction.HasFlag(Direction.Read) && property.GetGetMethod() != null)
                || (direction.HasFlag(Direction.Write) && property.GetSetMethod() != null)));
        return userType.GetFields(PublicInstance).Concat<MemberInfo>(properties);
    }

    /// <summary>Whether a member is a column at all.</summary>
    internal static bool NeedToCheckMemberInfo(MemberInfo member)
        => InternalSchemaDefinition.TypeOf(member) != typeof(IChannel) && !member.IsDefined(typeof(NoColumnAttribute));

    internal static string NameOf(MemberInfo member) => member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;

    private static void RegisterType(MemberInfo member)
    {
        var attributes = member.GetCustomAttributes().OfType<DataViewTypeAttribute>().ToArray();
        if (attributes.Length > 1)
        {
            throw Contracts.ExceptParam("userType", "Member {0} cannot be marked with multiple attributes, {1}, derived from {2}.",
                member.Name, string.Join<Attribute>(", ", attributes), typeof(DataViewTypeAttribute));
        }
        attributes.SingleOrDefault()?.Register();
    }

    private static DataViewType TypeOf(MemberInfo member)
    {
        InternalSchemaDefinition.GetVectorAndItemType(member, out bool isVector, out Type rawType);
        if (DataViewTypeManager.Knows(rawType, member.GetCustomAttributes()))
            return DataViewTypeManager.GetDataViewType(rawType, member.GetCustomAttributes());

        var key = member.GetCustomAttribute<KeyTypeAttribute>();
        if (key != null && !KeyDataViewType.IsValidDataType(rawType))
            throw Contracts.ExceptParam("userType", "Member {0} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type", member.Name);
        PrimitiveDataViewType itemType = key != null ? new KeyDataViewType(rawType, key.Count) : ColumnTypeExtensions.PrimitiveTypeFromType(rawType);

        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (vector != null && !isVector)
            throw Contracts.ExceptParam("userType", $"Member {member.Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        if (!isVector)
            return itemType;
        return vector == null || vector.Dims.Length == 0 ? new VectorDataViewType(itemType) : new VectorDataViewType(itemType, vector.Dims);
    }

    public sealed class Column
    {
        internal Column(string memberName, DataViewType columnType, string columnName = null)
        {
            Contracts.CheckNonEmpty(memberName, nameof(memberName));
            MemberName = memberName;
            ColumnName = columnName ?? memberName;
            ColumnType = columnType;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var (kind, annotation) in AnnotationInfos)
                    builder.Add(kind, annotation.Type, annotation.Getter);
                return builder.ToAnnotations();
            }
        }

        internal Dictionary<string, AnnotationInfo> AnnotationInfos { get; } = new();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            if (AnnotationInfos.ContainsKey(kind))
                throw Contracts.Except("Column already contains an annotation of this kind.");
            AnnotationInfos[kind] = AnnotationInfo.Of(value, annotationType);
        }
    }
}
