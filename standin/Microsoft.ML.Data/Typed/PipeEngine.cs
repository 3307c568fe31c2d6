using System.Collections.Generic;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A view as a sequence of objects.</summary>
internal sealed class PipeEngine<TDst>
    where TDst : class, new()
{
    private readonly TypedCursorable<TDst> _cursorable;

    public PipeEngine(IHostEnvironment env, IDataView pipe, bool ignoreMissingColumns, SchemaDefinition schemaDefinition = null)
    {
        _cursorable = TypedCursorable<TDst>.Create(env, pipe, ignoreMissingColumns, schemaDefinition);
    }

    public IEnumerable<TDst> RunPipe(bool reuseRowObject)
    {
        using var cursor = _cursorable.GetCursor();
        TDst row = null;
        while (cursor.MoveNext())
        {
            if (!reuseRowObject || row == null)
                row = new TDst();
            cursor.FillValues(row);
            yield return row;
        }
    }
}
