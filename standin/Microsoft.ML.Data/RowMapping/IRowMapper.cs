using System;

namespace Microsoft.ML.Data;

/// <summary>Columns computed from a row, bound to a schema: what a row-to-row transformer adds to its input.</summary>
internal interface IRowMapper : ICanSaveModel
{
    /// <summary>The input columns that the given output columns are computed from.</summary>
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    /// <summary>A getter for each active output column, null for the others, and what to call when the row goes.</summary>
    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer);

    DataViewSchema.DetachedColumn[] GetOutputColumns();

    ITransformer GetTransformer();
}

internal delegate void SignatureLoadRowMapper(ModelLoadContext ctx, DataViewSchema schema);
