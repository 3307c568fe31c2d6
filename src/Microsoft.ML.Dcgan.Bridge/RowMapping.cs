using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan.Bridge;

/// <summary>A column that each row's value of another column gives, by itself: ML.NET computes it lazily, on parallel cursors.</summary>
/// <param name="Owner">The transformer that adds it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Source">Finds the other column in a schema, or throws.</param>
/// <param name="Getter">A <see cref="ValueGetter{TValue}"/> of the column's raw type, and what is to be done when its cursor ends.</param>
internal sealed record RowMapping(ITransformer Owner, string Name, DataViewType Type,
    Func<DataViewSchema, DataViewSchema.Column> Source, Func<DataViewRow, DataViewSchema.Column, (Delegate Getter, Action Ended)> Getter)
{
    public IDataView AddTo(IHostEnvironment environment, IDataView input) => View(environment, input);

    public IRowToRowMapper Mapper(IHostEnvironment environment, DataViewSchema input) =>
        View(environment, new EmptyDataView(environment, input));

    public DataViewSchema OutputSchema(DataViewSchema input) => RowToRowMapperTransform.GetOutputSchema(input, new RowMapper(this, input));

    private RowToRowMapperTransform View(IHostEnvironment environment, IDataView input) =>
        new(environment, input, new RowMapper(this, input.Schema), schema => new RowMapper(this, schema));

    private sealed class RowMapper(RowMapping column, DataViewSchema input) : IRowMapper
    {
        private readonly DataViewSchema.Column _source = column.Source(input);

        public Func<int, bool> GetDependencies(Func<int, bool> activeOutput) => index => activeOutput(0) && index == _source.Index;

        public Delegate[] CreateGetters(DataViewRow row, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = () => { };
            if (!activeOutput(0))
                return [null!];
            (Delegate getter, disposer) = column.Getter(row, row.Schema[_source.Index]);
            return [getter];
        }

        public DataViewSchema.DetachedColumn[] GetOutputColumns() => [new DataViewSchema.DetachedColumn(column.Name, column.Type, null)];

        public ITransformer GetTransformer() => column.Owner;

        void ICanSaveModel.Save(ModelSaveContext ctx) => column.Owner.Save(ctx);
    }
}
