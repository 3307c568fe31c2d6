using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// A view that keeps each column in memory from its first use on. Columns that cannot be copied are dropped.
/// </summary>
internal sealed partial class CacheDataView : IDataView
{
    private const int RowsPerBatch = 64;

    private readonly IHost _host;
    private readonly IDataView _subset;
    private readonly ColumnBuffer[] _columns;
    private readonly Exception[] _failures;
    private readonly object _lock = new();
    private long _rowCount;

    public CacheDataView(IHostEnvironment env, IDataView input, int[] prefetch)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register("Cache");
        _host.CheckValue(input, nameof(input));
        prefetch ??= Array.Empty<int>();
        foreach (DataViewSchema.Column column in prefetch.Select(index => input.Schema[index]).Where(column => !column.Type.IsCacheable()))
            throw _host.Except("Asked to prefetch column '{0}' into cache, but it is of unhandled type '{1}'", column.Name, column.Type);

        _subset = ColumnSubsetView.Cacheable(_host, input);
        _columns = new ColumnBuffer[Schema.Count];
        _failures = new Exception[Schema.Count];
        _rowCount = _subset.GetRowCount() ?? -1;
        if (prefetch.Length > 0)
        {
            var dropped = input.Schema.Where(column => !column.Type.IsCacheable()).Select(column => column.Index).ToArray();
            var needed = prefetch.Select(index => Schema[index - dropped.Count(other => other < index)]).ToArray();
            Task.Run(() => Fill(needed));
        }
    }

    public DataViewSchema Schema => _subset.Schema;

    public bool CanShuffle => true;

    public long? GetRowCount() => Volatile.Read(ref _rowCount) is var count and >= 0 ? count : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        return new Cursor(this, needed, Permutation(needed, rand), null);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        n = DataViewUtils.GetThreadCount(n);
        var needed = columnsNeeded.ToArray();
        int[] permutation = Permutation(needed, rand);
        long batches = -1;
        return Enumerable.Range(0, n)
            .Select(_ => (DataViewRowCursor)new Cursor(this, needed, permutation, n > 1 ? () => Interlocked.Increment(ref batches) : null))
            .ToArray();
    }

    private int[] Permutation(DataViewSchema.Column[] needed, Random rand)
    {
        if (rand == null)
            return null;
        CheckFilled(needed);

        var permutation = Enumerable.Range(0, (int)_rowCount).ToArray();
        for (int i = 0; i < permutation.Length; i++)
        {
            int drawn = i + rand.Next(permutation.Length - i);
            (permutation[i], permutation[drawn]) = (permutation[drawn], permutation[i]);
        }
        return permutation;
    }

    private void CheckFilled(DataViewSchema.Column[] needed)
    {
        Fill(needed);
        if (needed.Select(column => _failures[column.Index]).FirstOrDefault(failure => failure != null) is { } failure)
            throw Contracts.Except(failure, "Event we were waiting on was subject to an exception");
    }

    /// <summary>Reads the columns that nobody has needed before.</summary>
    private void Fill(DataViewSchema.Column[] needed)
    {
        lock (_lock)
        {
            var missing = needed.Where(column => _columns[column.Index] == null).ToArray();
            if (missing.Length == 0 && _rowCount >= 0)
                return;

            var buffers = Array.ConvertAll(missing, column => ColumnBuffer.Create(column.Type));
            Exception failure = null;
            try
            {
                using DataViewRowCursor cursor = _subset.GetRowCursor(missing);
                var getters = Array.ConvertAll(missing, column => RowCursorUtils.GetGetterAsDelegate(cursor, column.Index));
                int row = 0;
                for (; cursor.MoveNext(); row++)
                {
                    for (int i = 0; i < buffers.Length; i++)
                        buffers[i].Store(row, getters[i]);
                }
                Volatile.Write(ref _rowCount, row);
            }
            catch (Exception ex)
            {
                failure = ex;
            }
            for (int i = 0; i < missing.Length; i++)
            {
                _columns[missing[i].Index] = buffers[i];
                _failures[missing[i].Index] = failure;
            }
        }
    }
}
