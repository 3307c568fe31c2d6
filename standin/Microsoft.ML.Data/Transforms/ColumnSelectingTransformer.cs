using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel),
    "Select Columns Transform", ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly IHost _host;
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnSelectingTransformer));
        bool keep = keepColumns?.Length > 0;
        bool drop = dropColumns?.Length > 0;
        _host.Check(!(keep && drop), "Both " + nameof(keepColumns) + " and " + nameof(dropColumns) + " are set. Exactly one can be specified.");
        _host.Check(keep || drop, "Neither " + nameof(keepColumns) + " and " + nameof(dropColumns) + " is set. Exactly one must be specified.");
        SelectColumns = keep ? keepColumns : dropColumns;
        KeepColumns = keep;
        _keepHidden = keepHidden;
    }

    private ColumnSelectingTransformer(IHost host, ModelLoadContext ctx)
    {
        _host = host;
        KeepColumns = ctx.Reader.ReadByte() != 0;
        _keepHidden = ctx.Reader.ReadByte() != 0;
        ctx.Reader.ReadByte();  // whether missing columns are ignored, which the catalog has no way to ask for
        int count = ctx.Reader.ReadInt32();
        host.CheckDecode(count > 0);
        SelectColumns = Enumerable.Range(0, count).Select(_ => ctx.LoadNonEmptyString()).ToArray();
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The columns to keep, or to drop.</summary>
    internal string[] SelectColumns { get; }

    internal bool KeepColumns { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return ColumnSubsetView.MakeSchema(inputSchema, Kept(inputSchema, nameof(inputSchema)));
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new ColumnSubsetView(_host, input, Kept(input.Schema, nameof(input)));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new ColumnSubsetView(_host, new EmptyDataView(_host, inputSchema), Kept(inputSchema, nameof(inputSchema)));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(KeepColumns);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(false);
        ctx.Writer.Write(SelectColumns.Length);
        foreach (string name in SelectColumns)
            ctx.SaveNonEmptyString(name);
    }

    internal IEnumerable<string> Missing(IEnumerable<string> names) => SelectColumns.Except(names);

    private static VersionInfo GetVersionInfo() => new VersionInfo(
        modelSignature: "SELCOLST",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ColumnSelectingTransformer).Assembly.FullName);

    // Found by reflection, through the attribute above.
    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new ColumnSelectingTransformer(env.Register(nameof(ColumnSelectingTransformer)), ctx);
    }

    /// <summary>The columns of the result: kept ones in the order asked for, else what is not dropped.</summary>
    private IEnumerable<int> Kept(DataViewSchema schema, string paramName)
    {
        var missing = Missing(schema.Select(column => column.Name)).ToArray();
        if (missing.Length > 0)
            throw _host.ExceptSchemaMismatch(paramName, "input", string.Join(",", missing));

        return KeepColumns
            ? SelectColumns.SelectMany(name => schema.Where(column => column.Name == name && (_keepHidden || !column.IsHidden))).Select(column => column.Index)
            : schema.Where(column => !SelectColumns.Contains(column.Name)).Select(column => column.Index);
    }
}
