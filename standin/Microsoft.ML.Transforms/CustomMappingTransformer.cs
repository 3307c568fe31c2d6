using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly IHost _host;
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;

    internal CustomMappingTransformer(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(CustomMappingTransformer<TSrc, TDst>));
        _host.CheckValue(mapAction, nameof(mapAction));
        _mapAction = mapAction;
        _contractName = contractName;
        InputSchemaDefinition = inputSchemaDefinition;
        AddedSchema = outputSchemaDefinition == null
            ? InternalSchemaDefinition.Create(typeof(TDst), SchemaDefinition.Direction.Write)
            : InternalSchemaDefinition.Create(typeof(TDst), outputSchemaDefinition);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal InternalSchemaDefinition AddedSchema { get; }

    internal SchemaDefinition InputSchemaDefinition { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return RowToRowMapperTransform.GetOutputSchema(inputSchema, new Mapper(this, inputSchema));
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(_host, input, new Mapper(this, input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new RowToRowMapperTransform(_host, new EmptyDataView(_host, inputSchema), new Mapper(this, inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private void SaveModel(ModelSaveContext ctx)
    {
        if (_contractName == null)
            throw _host.Except("Empty contract name for a transform: the transform cannot be saved");
        LambdaTransform.SaveCustomTransformer(ctx, _contractName, _mapAction.Method.DeclaringType.Assembly.FullName);
    }

    private sealed class Mapper : IRowMapper
    {
        private readonly IHost _host;
        private readonly CustomMappingTransformer<TSrc, TDst> _parent;
        private readonly TypedCursorable<TSrc> _source;

        public Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema)
        {
            _host = parent._host.Register(nameof(Mapper));
            _parent = parent;
            _source = TypedCursorable<TSrc>.Create(_host, new EmptyDataView(_host, inputSchema), false, parent.InputSchemaDefinition);
        }

        public DataViewSchema.DetachedColumn[] GetOutputColumns() => DataViewConstructionUtils.GetSchemaColumns(_parent.AddedSchema).ToArray();

        public Func<int, bool> GetDependencies(Func<int, bool> activeOutput) => AnyActive(activeOutput) ? _source.GetDependencies() : _ => false;

        public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var getters = new Delegate[_parent.AddedSchema.Columns.Length];
            if (!AnyActive(activeOutput))
                return getters;

            var source = _source.GetRow(input);
            var added = new InputRow<TDst>(_host, _parent.AddedSchema);
            var from = new TSrc();
            var to = new TDst();
            long served = -1;
            void Refresh()
            {
                // The action runs once a row, however many of its columns are read.
                if (served == input.Position)
                    return;
                source.FillValues(from);
                _parent._mapAction(from, to);
                added.ExtractValues(to);
                served = input.Position;
            }

            for (int i = 0; i < getters.Length; i++)
            {
                if (activeOutput(i))
                    getters[i] = GenericCall.Invoke<Delegate>(MakeGetter<int>, added.Schema[i].Type.RawType, added, added.Schema[i], (Action)Refresh);
            }
            return getters;
        }

        public ITransformer GetTransformer() => _parent;

        void ICanSaveModel.Save(ModelSaveContext ctx) => _parent.SaveModel(ctx);

        private bool AnyActive(Func<int, bool> activeOutput) => Enumerable.Range(0, _parent.AddedSchema.Columns.Length).Any(activeOutput);

        private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column column, Action refresh)
        {
            var getter = row.GetGetter<T>(column);
            return (ValueGetter<T>)((ref T value) =>
            {
                refresh();
                getter(ref value);
            });
        }
    }
}
