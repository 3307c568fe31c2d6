using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel),
    "Concat Transform", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnConcatenatingTransformer)))
    {
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    private ColumnConcatenatingTransformer(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        int outputs = ctx.Reader.ReadInt32();
        host.CheckDecode(outputs == 1);
        _name = ctx.LoadNonEmptyString();
        int count = ctx.Reader.ReadInt32();
        host.CheckDecode(count > 0);
        _sources = new string[count];
        for (int i = 0; i < count; i++)
        {
            _sources[i] = ctx.LoadNonEmptyString();
            ctx.LoadStringOrNull();  // an alias
        }
    }

    private static VersionInfo GetVersionInfo() => new VersionInfo(
        modelSignature: "CONCAT F",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ColumnConcatenatingTransformer).Assembly.FullName);

    // Found by reflection, through the attribute above.
    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new ColumnConcatenatingTransformer(env.Register(nameof(ColumnConcatenatingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(1);
        ctx.SaveNonEmptyString(_name);
        ctx.Writer.Write(_sources.Length);
        foreach (string source in _sources)
        {
            ctx.SaveNonEmptyString(source);
            ctx.SaveStringOrNull(null);
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : MapperBase
    {
        private readonly ColumnConcatenatingTransformer _parent;
        private readonly DataViewSchema.Column[] _sources;
        private readonly VectorDataViewType _type;

        public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), inputSchema, parent)
        {
            _parent = parent;
            _sources = Array.ConvertAll(parent._sources, name => inputSchema.GetColumnOrNull(name)
                ?? throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name));

            DataViewType itemType = _sources[0].Type.GetItemType();
            foreach (DataViewSchema.Column source in _sources)
            {
                if (!source.Type.GetItemType().Equals(itemType))
                    throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, itemType.ToString(), source.Type.ToString());
            }
            bool variable = _sources.Any(source => source.Type.GetValueCount() == 0);
            _type = new VectorDataViewType((PrimitiveDataViewType)itemType, variable ? 0 : _sources.Sum(source => source.Type.GetValueCount()));
        }

        // One vector alone stays what it is.
        private bool IsIdentity => _sources.Length == 1 && _sources[0].Type is VectorDataViewType;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => new[]
            {
                IsIdentity
                    ? new DataViewSchema.DetachedColumn(_parent._name, _sources[0].Type, _sources[0].Annotations)
                    : new DataViewSchema.DetachedColumn(_parent._name, _type, SlotNames.Of(_sources, _type)),
            };

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return IsIdentity
                ? RowCursorUtils.GetGetterAsDelegate(input, _sources[0].Index)
                : GenericCall.Invoke<Delegate>(MakeGetter<int>, _type.ItemType.RawType, input);
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            bool active = activeOutput(0);
            return col => active && _sources.Any(source => source.Index == col);
        }

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);

        private Delegate MakeGetter<T>(DataViewRow input)
        {
            var parts = Array.ConvertAll(_sources, source => source.Type is VectorDataViewType
                ? input.GetGetter<VBuffer<T>>(source)
                : AsVector(input.GetGetter<T>(source)));
            var values = new VBuffer<T>[parts.Length];
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
            {
                int length = 0;
                for (int i = 0; i < parts.Length; i++)
                {
                    parts[i](ref values[i]);
                    int expected = _sources[i].Type.GetValueCount();
                    if (expected != 0 && expected != values[i].Length)
                        throw Contracts.Except("Column '{0}': expected {1} slots, but got {2}", _sources[i].Name, expected, values[i].Length);
                    length += values[i].Length;
                }

                var editor = VBufferEditor.Create(ref destination, length);
                int offset = 0;
                foreach (VBuffer<T> value in values)
                {
                    value.CopyTo(editor.Values, offset);
                    offset += value.Length;
                }
                destination = editor.Commit();
            });
        }

        private static ValueGetter<VBuffer<T>> AsVector<T>(ValueGetter<T> getter)
            => (ref VBuffer<T> value) =>
            {
                var editor = VBufferEditor.Create(ref value, 1);
                getter(ref editor.Values[0]);
                value = editor.Commit();
            };
    }
}
