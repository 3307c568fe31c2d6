using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row-to-row transformer whose every added column comes from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        host.CheckValue(columns, nameof(columns));
        var outputs = new HashSet<string>();
        foreach (var (outputColumnName, inputColumnName) in columns)
        {
            host.CheckNonEmpty(inputColumnName, nameof(columns));
            host.CheckNonEmpty(outputColumnName, nameof(columns));
            if (!outputs.Add(outputColumnName))
                throw Contracts.ExceptParam(nameof(columns), $"Name of the result column '{outputColumnName}' specified multiple times");
        }
        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        int count = ctx.Reader.ReadInt32();
        host.CheckDecode(count >= 0);
        ColumnPairs = new (string, string)[count];
        for (int i = 0; i < count; i++)
        {
            string output = ctx.LoadNonEmptyString();
            ColumnPairs[i] = (output, ctx.LoadNonEmptyString());
        }
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (outputColumnName, inputColumnName) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(outputColumnName);
            ctx.SaveNonEmptyString(inputColumnName);
        }
    }

    /// <summary>Throws if the source column's type is not what the transformer takes.</summary>
    private protected virtual void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
    }

    private int FindInput(DataViewSchema inputSchema, int col)
    {
        string name = ColumnPairs[col].inputColumnName;
        if (inputSchema.GetColumnOrNull(name) is not { } source)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
        CheckInputColumn(inputSchema, col, source.Index);
        return source.Index;
    }

    private protected abstract class OneToOneMapperBase : MapperBase
    {
        /// <summary>The index of the source column of each added column.</summary>
        protected readonly Dictionary<int, int> ColMapNewToOld;

        private readonly OneToOneTransformerBase _parent;

        protected OneToOneMapperBase(IHost host, OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(host, inputSchema, parent)
        {
            _parent = parent;
            ColMapNewToOld = new Dictionary<int, int>();
            for (int i = 0; i < parent.ColumnPairs.Length; i++)
                ColMapNewToOld.Add(i, parent.FindInput(inputSchema, i));
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var active = new bool[InputSchema.Count];
            foreach (var (output, source) in ColMapNewToOld)
                active[source] |= activeOutput(output);
            return col => active[col];
        }

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
