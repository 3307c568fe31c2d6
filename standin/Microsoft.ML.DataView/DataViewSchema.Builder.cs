using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    public sealed class Builder
    {
        private readonly List<DetachedColumn> _columns = new();

        public Builder()
        {
        }

        public void AddColumn(string name, DataViewType type, Annotations annotations = null)
            => _columns.Add(new DetachedColumn(name, type, annotations));

        public void AddColumns(IEnumerable<Column> source)
            => AddColumns(source.Select(column => new DetachedColumn(column)));

        public void AddColumns(IEnumerable<DetachedColumn> source)
        {
            foreach (DetachedColumn column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public DataViewSchema ToSchema()
        {
            var columns = new Column[_columns.Count];
            var later = new HashSet<string>();
            for (int i = columns.Length - 1; i >= 0; i--)
            {
                DetachedColumn column = _columns[i];
                bool isHidden = !later.Add(column.Name);
                columns[i] = new Column(column.Name, i, isHidden, column.Type, column.Annotations);
            }

            return new DataViewSchema(columns);
        }
    }
}
