namespace Microsoft.ML.Dcgan.Data;

/// <summary>Says which row failed so that its user can find it: its number in the view, and its texts, such as a file's path.</summary>
internal static class RowErrors
{
    /// <summary>Whether the row is to blame for what happened while it was read.</summary>
    public static bool IsToBlame(Exception failure) => failure is not (OperationCanceledException or OutOfMemoryException);

    /// <summary>Whether it is no bad picture: a disk or a network is gone, and with it all pictures to come.</summary>
    public static bool IsOfTheDisk(Exception? failure) => failure is IOException and not (FileNotFoundException or EndOfStreamException)
        || (failure?.InnerException is { } inner && IsOfTheDisk(inner));

    /// <summary>What happened at a row, and, where there is advice, what else its user can do than what the failure says.</summary>
    public static InvalidOperationException Named(string row, Exception failure, string? advice = null) =>
        new(advice == null ? $"{row}: {Reason(failure)}" : $"{row}: {Reason(failure).TrimEnd('.')}. {advice}", failure);

    /// <summary>What is wrong with a row, where ML.NET's transforms of images say too little.</summary>
    public static string Reason(Exception failure) => failure switch
    {
        // The resizer, of a row for which the loader found an empty path.
        InvalidOperationException { Message: "Object is disposed." } => PixelReader.NoImage().Message,
        ArgumentException { ParamName: "imageStream" } => "is no picture that can be read: its file is empty, cut short, or of a format " +
            "other than PNG, JPEG, GIF, BMP and WebP.",
        _ => failure.Message,
    };

    /// <summary>Looks the row up by its id, with a cursor of its own: one of several cursors counts only its own rows, and had no reason to
    /// read any text.</summary>
    public static string Describe(IDataView input, DataViewRow failed)
    {
        DataViewRowId wanted = default;
        failed.GetIdGetter()(ref wanted);
        return Describe(input, wanted) ?? $"row {failed.Position}";
    }

    /// <summary>The same of a row that no cursor is at; null where there is none of that id.</summary>
    public static string? Describe(IDataView input, DataViewRowId wanted)
    {
        List<DataViewSchema.Column> texts = input.Schema.Where(column => !column.IsHidden && column.Type is TextDataViewType).ToList();
        using DataViewRowCursor cursor = input.GetRowCursor(texts);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            if (id.Equals(wanted))
                return $"row {cursor.Position}{string.Concat(texts.Select(column => $", {column.Name} '{Text(cursor, column)}'"))}";
        }
        return null;
    }

    private static ReadOnlyMemory<char> Text(DataViewRow row, DataViewSchema.Column column)
    {
        ReadOnlyMemory<char> text = default;
        row.GetGetter<ReadOnlyMemory<char>>(column)(ref text);
        return text;
    }
}

/// <summary>Says which column does not fit.</summary>
internal static class ColumnErrors
{
    public static ArgumentOutOfRangeException Missing(string name, string present, string purpose = "", string advice = "") =>
        new("inputSchema", $"Could not find input column '{name}'{purpose}. The columns are: {present}.{advice}");

    public static ArgumentOutOfRangeException Mismatch(string name, string expected, string found, string advice = "") =>
        new("inputSchema", $"Schema mismatch for input column '{name}': expected {expected}, got {found}.{advice}");

    public static ArgumentOutOfRangeException Wrong(string name, string what) => new("inputSchema", $"Input column '{name}' {what}");

    /// <summary>What columns there are.</summary>
    public static string Names(DataViewSchema schema) =>
        string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => column.Name));

    /// <inheritdoc cref="Names(DataViewSchema)"/>
    public static string Names(SchemaShape schema) => string.Join(", ", schema.Select(column => column.Name));

    /// <summary>Whether each row has as many numbers, and they are floats.</summary>
    public static bool IsVectorOfSingle(this DataViewType type) =>
        type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.Equals(NumberDataViewType.Single);
}

/// <summary>Rows whose images cannot be read: the first one ends the reading, or they are counted; no policy is that
/// there is no such option. Any number of cursors may find them at once.</summary>
internal sealed class SkippedRows(IDataView input, string columnName, DcganBadImages? policy)
{
    private const int MostNamed = 5;
    private const string Advice = "Or leave such rows out of the training, with the option BadImages = DcganBadImages.Skip.";
    private readonly object _gate = new();
    private List<Row> _first = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>What the first few are called, and what is wrong with each, in the view's order.</summary>
    public IEnumerable<string> Descriptions =>
        _first.Select(row => $"{RowErrors.Describe(input, row.Id) ?? $"row {row.Position}"}: {row.Reason}");

    /// <summary>Takes a cursor's current row.</summary>
    /// <exception cref="InvalidOperationException">They are not to be skipped, or it is sound, but of another size than the others, or its
    /// disk is gone.</exception>
    public void Add(DataViewRowCursor cursor, Exception failure)
    {
        bool isBad = failure is not ImageSizeException && !RowErrors.IsOfTheDisk(failure);
        if (policy != DcganBadImages.Skip || !isBad)
        {
            throw RowErrors.Named($"Column '{columnName}', {RowErrors.Describe(input, cursor)}", failure,
                policy == null || !isBad ? null : Advice);
        }

        DataViewRowId id = default;
        cursor.GetIdGetter()(ref id);
        lock (_gate)
        {
            Count++;
            _first = _first.Append(new Row(cursor.Batch, cursor.Position, id, RowErrors.Reason(failure)))
                .OrderBy(row => (row.Batch, row.Position)).Take(MostNamed).ToList();
        }
    }

    /// <summary>What to throw where no row can be read.</summary>
    public InvalidOperationException NoImages() => Count == 0
        ? new($"Column '{columnName}' has no images to train on: the data has no rows. " +
            "Check the folder or the query that the rows come from.")
        : new($"Column '{columnName}' has no images to train on: all {Count} of its rows were skipped. " +
            $"The first is {Descriptions.First()}");

    private sealed record Row(long Batch, long Position, DataViewRowId Id, string Reason);
}
