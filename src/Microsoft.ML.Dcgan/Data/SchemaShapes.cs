using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>
/// Makes <see cref="SchemaShape"/>s, whose constructors ML.NET keeps to itself, by its public means: an estimator chain
/// hands the shape of its input's schema to each of its estimators, so one that listens learns the shape of any schema.
/// </summary>
internal static class SchemaShapes
{
    public static SchemaShape With(SchemaShape input, string columnName, DataViewType type)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(columnName, type);
        SchemaShape added = Of(builder.ToSchema());
        return new SchemaShape(input.Where(column => column.Name != columnName).Concat(added));
    }

    private static SchemaShape Of(DataViewSchema schema)
    {
        var listener = new Listener();
        new EstimatorChain<ITransformer>().Append(listener).Fit(new EmptyView(schema));
        return listener.Heard!;
    }

    private sealed class Listener : IEstimator<ITransformer>
    {
        public SchemaShape? Heard { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Heard = inputSchema;

        public ITransformer Fit(IDataView input) => new Identity();
    }

    private sealed class Identity : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private sealed class EmptyView(DataViewSchema schema) : IDataView
    {
        public DataViewSchema Schema { get; } = schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            throw new NotSupportedException();

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            throw new NotSupportedException();
    }
}
