using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Runs a cursor on a thread of its own and queues its rows in batches, for any number of readers.</summary>
internal sealed class RowPump
{
    private const int QueuedBatches = 4;

    private readonly DataViewRowCursor _cursor;
    private readonly int? _rowsPerBatch;
    private readonly Delegate[] _getters;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly BlockingCollection<RowBatch> _queue = new(QueuedBatches);
    private readonly ConcurrentBag<RowBatch> _spares = new();  // read batches, whose storage is used again
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private Exception _failure;

    /// <param name="rowsPerBatch">If null, the batches are the cursor's own.</param>
    public RowPump(DataViewRowCursor cursor, int? rowsPerBatch)
    {
        _cursor = cursor;
        _rowsPerBatch = rowsPerBatch;
        Active = cursor.Schema.Select(cursor.IsColumnActive).ToArray();
        _getters = Active.Select((active, col) => active ? RowCursorUtils.GetGetterAsDelegate(cursor, col) : null).ToArray();
        _idGetter = cursor.GetIdGetter();
        _work = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public bool[] Active { get; }

    /// <summary>The next batch, or null after the last. Throws what the cursor threw.</summary>
    public RowBatch Take()
    {
        if (_queue.TryTake(out RowBatch batch, Timeout.Infinite))
            return batch;
        // One reader learns of the failure; to the others the rows just end.
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            throw Contracts.Except(failure, "Splitter/consolidator worker encountered exception while consuming source data");
        return null;
    }

    /// <summary>Gives back a batch that has been read.</summary>
    public void Return(RowBatch batch) => _spares.Add(batch);

    /// <summary>Lets the work end as soon as it can.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>Ends the work, finished or not, and waits for its end.</summary>
    public void Stop()
    {
        Cancel();
        _work.Wait();
    }

    private void Run()
    {
        try
        {
            using (_cursor)
            {
                foreach (RowBatch batch in ReadBatches())
                    _queue.Add(batch, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception ex)
        {
            _failure = ex;
        }
        finally
        {
            _queue.CompleteAdding();
        }
    }

    private IEnumerable<RowBatch> ReadBatches()
    {
        RowBatch batch = null;
        long count = 0;
        while (!_stop.IsCancellationRequested && _cursor.MoveNext())
        {
            bool full = batch != null && (_rowsPerBatch.HasValue ? batch.Count == _rowsPerBatch : batch.Id != _cursor.Batch);
            if (full)
                yield return batch;
            if (full || batch == null)
                batch = NewBatch(_rowsPerBatch.HasValue ? count++ : _cursor.Batch);
            batch.Add(_getters, _idGetter);
        }
        if (batch != null)
            yield return batch;
    }

    private RowBatch NewBatch(long id)
    {
        if (!_spares.TryTake(out RowBatch batch))
            batch = new RowBatch(_cursor.Schema, Active);
        batch.Clear();
        batch.Id = id;
        return batch;
    }
}
