using System;
using System.Collections.Generic;

namespace Microsoft.ML;

public interface IDataView
{
    DataViewSchema Schema { get; }

    bool CanShuffle { get; }

    /// <summary>Null where only a pass over the data would tell.</summary>
    long? GetRowCount();

    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}
