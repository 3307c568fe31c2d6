using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An input schema with columns added, and which column of the result is which.</summary>
internal sealed class ColumnBindings
{
    // For each column of the result: the index of the input column, or the complement of the added column's.
    private readonly List<int> _sources;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] addedColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(addedColumns, nameof(addedColumns));

        InputSchema = input;
        _sources = Enumerable.Range(0, input.Count).ToList();
        string NameOf(int source) => source >= 0 ? input[source].Name : addedColumns[~source].Name;
        for (int i = 0; i < addedColumns.Length; i++)
        {
            // A column that hides others comes right after the last it hides; a new name goes to the end.
            int hidden = _sources.FindLastIndex(source => NameOf(source) == addedColumns[i].Name);
            _sources.Insert(hidden < 0 ? _sources.Count : hidden + 1, ~i);
        }

        Schema = SchemaExtensions.MakeSchema(_sources.Select(source => source >= 0 ? new DataViewSchema.DetachedColumn(input[source]) : addedColumns[~source]));
        AddedColumnIndices = Enumerable.Range(0, addedColumns.Length).Select(i => _sources.IndexOf(~i)).ToArray();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    /// <summary>Where in <see cref="Schema"/> each added column is.</summary>
    public IReadOnlyList<int> AddedColumnIndices { get; }

    /// <summary>The index of a column among the input's, or among the added ones.</summary>
    public int MapColumnIndex(out bool isSrcColumn, int col)
    {
        int source = _sources[col];
        isSrcColumn = source >= 0;
        return isSrcColumn ? source : ~source;
    }

    /// <summary>The input columns that are passed through to the chosen columns of the result.</summary>
    public bool[] GetActiveInput(Func<int, bool> predicate)
    {
        var active = new bool[InputSchema.Count];
        for (int col = 0; col < _sources.Count; col++)
        {
            if (_sources[col] >= 0 && predicate(col))
                active[_sources[col]] = true;
        }
        return active;
    }
}
