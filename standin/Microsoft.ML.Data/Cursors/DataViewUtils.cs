using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Several cursors from one, and one from several.</summary>
internal static class DataViewUtils
{
    private const int SplitBatchRows = 128;

    public static int GetThreadCount(int num = 0)
    {
        int usual = Math.Max(2, Environment.ProcessorCount - 1);
        return num > 0 ? Math.Min(num, 2 * usual) : usual;
    }

    /// <summary>Whether values of the type can be copied, and so outlive their row.</summary>
    public static bool IsCacheable(this DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    public static bool AllCacheable(IEnumerable<DataViewSchema.Column> columns) => columns.All(column => column.Type.IsCacheable());

    /// <summary>A cursor whose rows are computed by several threads but come in order; none if some column cannot be copied.</summary>
    public static bool TryCreateConsolidatingCursor(out DataViewRowCursor cursor, IDataView view, IEnumerable<DataViewSchema.Column> columnsNeeded, IHost host, Random rand)
    {
        cursor = null;
        if (!AllCacheable(columnsNeeded))
            return false;
        cursor = Consolidate(host, view.GetRowCursorSet(columnsNeeded, GetThreadCount(), rand));
        return true;
    }

    /// <summary>So many cursors that share out the rows of one; just that one if some column cannot be copied.</summary>
    public static DataViewRowCursor[] CreateSplitCursors(IChannelProvider provider, DataViewRowCursor input, int num)
    {
        Contracts.CheckValue(provider, nameof(provider));
        provider.CheckValue(input, nameof(input));
        if (num <= 1 || !AllCacheable(input.Schema.Where(input.IsColumnActive)))
            return new[] { input };

        DataViewSchema schema = input.Schema;
        var pump = new RowPump(input, SplitBatchRows);
        int readers = num;
        void Quit()
        {
            if (Interlocked.Decrement(ref readers) == 0)
                pump.Stop();
        }

        var cursors = new DataViewRowCursor[num];
        for (int i = 0; i < num; i++)
        {
            RowBatch last = null;
            cursors[i] = new BatchCursor(provider, schema, pump.Active, () => last = Exchange(pump, last), Quit);
        }
        return cursors;
    }

    /// <summary>One cursor over the rows of several that share them out, in the order of their batches.</summary>
    private static DataViewRowCursor Consolidate(IChannelProvider provider, DataViewRowCursor[] inputs)
    {
        if (inputs.Length == 1)
            return inputs[0];

        DataViewSchema schema = inputs[0].Schema;
        var pumps = Array.ConvertAll(inputs, input => new RowPump(input, null));
        var heads = new RowBatch[pumps.Length];
        int current = -1;
        RowBatch Next()
        {
            for (int i = 0; i < pumps.Length; i++)
            {
                if (current < 0 || current == i)
                    heads[i] = Exchange(pumps[i], heads[i]);
            }
            current = -1;
            for (int i = 0; i < heads.Length; i++)
            {
                if (heads[i] != null && (current < 0 || heads[i].Id < heads[current].Id))
                    current = i;
            }
            return current < 0 ? null : heads[current];
        }

        void Quit()
        {
            Array.ForEach(pumps, pump => pump.Cancel());
            Array.ForEach(pumps, pump => pump.Stop());
        }

        return new BatchCursor(provider, schema, pumps[0].Active, Next, Quit);
    }

    private static RowBatch Exchange(RowPump pump, RowBatch read)
    {
        if (read != null)
            pump.Return(read);
        return pump.Take();
    }
}
