using System;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel),
    "Term Transform", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private const string VocabularyDirectory = "Vocabulary";

    private readonly KeyVocabulary _vocabulary;
    private readonly bool _valuesAsText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, string outputColumnName, string inputColumnName, KeyVocabulary vocabulary, bool valuesAsText)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), (outputColumnName, inputColumnName))
    {
        _vocabulary = vocabulary;
        _valuesAsText = valuesAsText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        host.CheckDecode(ColumnPairs.Length == 1);
        _valuesAsText = ctx.Reader.ReadByte() != 0;
        KeyVocabulary vocabulary = null;
        ctx.TryProcessSubModel(VocabularyDirectory, c =>
        {
            c.CheckAtModel(GetTermManagerVersionInfo());
            host.CheckDecode(c.Reader.ReadInt32() == 1);
            vocabulary = KeyVocabulary.Load(c);
        });
        _vocabulary = vocabulary ?? throw host.ExceptDecode("Missing {0} model", VocabularyDirectory);
    }

    internal static DataViewSchema.Column Find(IHost host, DataViewSchema inputSchema, string name)
    {
        DataViewSchema.Column column = inputSchema.GetColumnOrNull(name) ?? throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
        if (!KeyVocabulary.Takes(column.Type))
            throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, "standard type or a vector of standard type", column.Type.ToString());
        return column;
    }

    private static VersionInfo GetVersionInfo() => new VersionInfo(
        modelSignature: "TERMTRNF",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ValueToKeyMappingTransformer).Assembly.FullName);

    private static VersionInfo GetTermManagerVersionInfo() => new VersionInfo(
        modelSignature: "TERM MAN",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010002,
        loaderSignature: "TermManager",
        loaderAssemblyName: typeof(ValueToKeyMappingTransformer).Assembly.FullName);

    // Found by reflection, through the attribute above.
    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new ValueToKeyMappingTransformer(env.Register(nameof(ValueToKeyMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        ctx.Writer.Write(_valuesAsText);
        ctx.SaveSubModel(VocabularyDirectory, c =>
        {
            c.CheckAtModel();
            c.SetVersionInfo(GetTermManagerVersionInfo());
            c.Writer.Write(1);
            _vocabulary.Save(c);
        });
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        DataViewType itemType = inputSchema[srcCol].Type.GetItemType();
        if (!itemType.Equals(_vocabulary.ItemType))
        {
            throw Host.Except("Could not apply a map over type '{0}' to column '{1}' since it has type '{2}'",
                _vocabulary.ItemType, ColumnPairs[col].outputColumnName, itemType);
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ValueToKeyMappingTransformer _parent;
        private readonly DataViewSchema.Column _source;

        public Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
            _source = inputSchema[ColMapNewToOld[0]];
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            _parent._vocabulary.AddKeyValues(annotations, _parent._valuesAsText);
            annotations.Add(_source.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
            KeyDataViewType key = _parent._vocabulary.KeyType;
            DataViewType type = _source.Type is VectorDataViewType vector ? new VectorDataViewType(key, vector.Dimensions) : key;
            return new[] { new DataViewSchema.DetachedColumn(_parent.ColumnPairs[0].outputColumnName, type, annotations.ToAnnotations()) };
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return _parent._vocabulary.MakeGetter(input, input.Schema[_source.Index]);
        }
    }
}
