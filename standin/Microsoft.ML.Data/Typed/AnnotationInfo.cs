using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An annotation that a schema definition gives a column.</summary>
internal sealed class AnnotationInfo
{
    private AnnotationInfo(DataViewType type, Delegate getter)
    {
        Type = type;
        Getter = getter;
    }

    public DataViewType Type { get; }

    public Delegate Getter { get; }

    /// <summary>A value given by a user: a scalar, a string, an array, or a buffer.</summary>
    public static AnnotationInfo Of<T>(T value, DataViewType type)
    {
        InternalSchemaDefinition.GetVectorAndItemType("annotation value", typeof(T), null, out bool isVector, out Type itemType);
        if (isVector != type is VectorDataViewType)
        {
            throw Contracts.Except("Value inputted is supposed to be {0}, but type of Annotationinfo is {1}",
                isVector ? "vector" : "scalar", isVector ? "scalar" : "vector");
        }
        if (itemType != type.GetItemType().RawType)
        {
            throw Contracts.Except("Value inputted is supposed to have Type {0}, but type of Annotationinfo has {1}",
                itemType.ToString(), type.GetItemType().RawType.ToString());
        }

        object kept = value switch
        {
            string text => text.AsMemory(),
            string[] texts => new VBuffer<ReadOnlyMemory<char>>(texts.Length, Array.ConvertAll(texts, text => text.AsMemory())),
            Array array => Activator.CreateInstance(typeof(VBuffer<>).MakeGenericType(itemType), array.Length, array, null),
            _ => value,
        };
        return isVector
            ? new AnnotationInfo(type, GenericCall.Invoke<Delegate>(VectorGetter<int>, itemType, kept))
            : new AnnotationInfo(type, GenericCall.Invoke<Delegate>(ValueGetter<int>, itemType, kept));
    }

    /// <summary>An annotation of an existing column.</summary>
    public static AnnotationInfo Of(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
        => new AnnotationInfo(annotation.Type, GenericCall.Invoke<Delegate>(CopiedGetter<int>, annotation.Type.RawType, annotations, annotation));

    private static Delegate ValueGetter<T>(T kept) => (ValueGetter<T>)((ref T value) => value = kept);

    private static Delegate VectorGetter<T>(VBuffer<T> kept) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => kept.CopyTo(ref value));

    private static Delegate CopiedGetter<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation) => annotations.GetGetter<T>(annotation);
}
