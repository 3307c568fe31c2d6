using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Standins.Tests;

/// <summary>The rows that the tests of data views are about.</summary>
public static class DataRows
{
    public static IEnumerable<Item> Items(int count)
        => Enumerable.Range(0, count).Select(i => new Item { Number = i, Text = $"t{i}", Vector = new float[] { i, -i, 0.5f } });

    public static List<T> Read<T>(IDataView view, string column)
    {
        var values = new List<T>();
        using DataViewRowCursor cursor = view.GetRowCursor(new[] { view.Schema[column] });
        var getter = cursor.GetGetter<T>(view.Schema[column]);
        while (cursor.MoveNext())
        {
            T value = default!;
            getter(ref value);
            values.Add(value);
        }
        return values;
    }

    public sealed class Item
    {
        public int Number { get; set; }

        public string Text { get; set; } = "";

        [VectorType(3)]
        public float[] Vector { get; set; } = Array.Empty<float>();
    }

    public sealed class Numbered
    {
        public int Number { get; set; }
    }
}
