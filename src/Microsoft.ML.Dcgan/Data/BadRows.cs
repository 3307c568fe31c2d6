using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>
/// Rows whose images cannot be read: the first one ends the reading, or they are counted. Any number of cursors may find
/// them at once.
/// </summary>
/// <param name="input">The view that they are of.</param>
/// <param name="columnName">The column of images.</param>
/// <param name="policy">What to do with them; null where there is no such option.</param>
internal sealed class BadRows(IDataView input, string columnName, DcganBadImages? policy)
{
    private const int MostNamed = 5;
    private const string Advice = "Or leave such rows out of the training, with the option BadImages = DcganBadImages.Skip.";
    private readonly object _gate = new();
    private List<Row> _first = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>What the first few are called, and what is wrong with each, in the view's order.</summary>
    public IEnumerable<string> Descriptions =>
        _first.Select(row => $"{FailedRow.Describe(input, row.Id) ?? $"row {row.Position}"}: {row.Reason}");

    /// <summary>Takes a cursor's current row.</summary>
    /// <exception cref="InvalidOperationException">They are not to be skipped.</exception>
    public void Add(DataViewRowCursor cursor, Exception failure)
    {
        if (policy != DcganBadImages.Skip)
            throw FailedRow.Named($"Column '{columnName}', {FailedRow.Describe(input, cursor)}", failure, policy == null ? null : Advice);

        DataViewRowId id = default;
        cursor.GetIdGetter()(ref id);
        lock (_gate)
        {
            Count++;
            _first = _first.Append(new Row(cursor.Batch, cursor.Position, id, failure.Message))
                .OrderBy(row => (row.Batch, row.Position)).Take(MostNamed).ToList();
        }
    }

    /// <summary>What to throw where no row can be read.</summary>
    public InvalidOperationException NoImages() => Count == 0
        ? new($"Column '{columnName}' has no images to train on: the data has no rows. Check the folder or the query that the rows come from.")
        : new($"Column '{columnName}' has no images to train on: all {Count} of its rows were skipped. The first is {Descriptions.First()}");

    private sealed record Row(long Batch, long Position, DataViewRowId Id, string Reason);
}
