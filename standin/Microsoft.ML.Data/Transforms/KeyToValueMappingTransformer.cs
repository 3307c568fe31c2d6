using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel),
    "Key To Value Transform", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo GetVersionInfo() => new VersionInfo(
        modelSignature: "KEY2VALT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(KeyToValueMappingTransformer).Assembly.FullName);

    // Found by reflection, through the attribute above.
    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        DataViewType values = ValuesOf(inputSchema[srcCol]);
        Host.Check(values != null, "Metadata KeyValues does not exist");
        Host.Check((ulong)values.GetVectorSize() == inputSchema[srcCol].Type.GetItemType().GetKeyCount(),
            "KeyValues metadata size does not match column type key count");
    }

    private static VectorDataViewType ValuesOf(DataViewSchema.Column column)
        => column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly KeyToValueMappingTransformer _parent;

        public Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => _parent.ColumnPairs.Select((pair, i) =>
            {
                DataViewSchema.Column source = InputSchema[ColMapNewToOld[i]];
                PrimitiveDataViewType itemType = ValuesOf(source).ItemType;
                DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(itemType, vector.Dimensions) : itemType;
                var annotations = new DataViewSchema.Annotations.Builder();
                annotations.Add(source.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
                return new DataViewSchema.DetachedColumn(pair.outputColumnName, type, annotations.ToAnnotations());
            }).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            DataViewSchema.Column source = InputSchema[ColMapNewToOld[iinfo]];
            return GenericCall.Invoke<Delegate>(MakeGetter<int, int>,
                new[] { source.Type.GetItemType().RawType, ValuesOf(source).ItemType.RawType }, input, source);
        }

        private static Delegate MakeGetter<TKey, TValue>(DataViewRow input, DataViewSchema.Column source)
        {
            VBuffer<TValue> annotation = default;
            source.GetKeyValues(ref annotation);
            TValue[] values = annotation.DenseValues().ToArray();
            TValue missing = Missing<TValue>();
            TValue ValueOf(TKey key) => Convert.ToUInt64(key) is var number && number >= 1 && number <= (ulong)values.Length ? values[number - 1] : missing;

            if (source.Type is not VectorDataViewType)
            {
                var getter = input.GetGetter<TKey>(source);
                TKey key = default;
                return (ValueGetter<TValue>)((ref TValue value) =>
                {
                    getter(ref key);
                    value = ValueOf(key);
                });
            }

            var vector = input.GetGetter<VBuffer<TKey>>(source);
            VBuffer<TKey> keys = default;
            return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> value) =>
            {
                vector(ref keys);
                TValue[] found = keys.DenseValues().Select(ValueOf).ToArray();
                VBuffer<TValue>.Copy(found, 0, ref value, found.Length);
            });
        }

        private static T Missing<T>()
            => typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
    }
}
