using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckValue(inputColumnNames, nameof(inputColumnNames));
        _host.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        _host.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new ColumnConcatenatingTransformer(_host, _name, _sources);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var sources = _sources.Select(name => Find(inputSchema, name)).ToArray();
        foreach (SchemaShape.Column source in sources)
        {
            if (source.IsKey)
                throw _host.Except($"Column '{source.Name}' is key. Concatenation of keys is unsupported.");
            if (!source.ItemType.Equals(sources[0].ItemType))
                throw _host.Except($"Concatenated columns should have the same type. Column '{source.Name}' has type of {source.ItemType}, but expected column type is {sources[0].ItemType}.");
        }

        bool variable = sources.Any(source => source.Kind == SchemaShape.Column.VectorKind.VariableVector);
        var columns = inputSchema.ToDictionary(column => column.Name);
        columns[_name] = new SchemaShape.Column(_name,
            variable ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector,
            sources[0].ItemType, false, new SchemaShape(Annotations(sources)));
        return new SchemaShape(columns.Values);
    }

    private static IEnumerable<SchemaShape.Column> Annotations(SchemaShape.Column[] sources)
    {
        bool named = sources.Any(source => source.Kind == SchemaShape.Column.VectorKind.Scalar
            || source.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out _));
        if (named)
            yield return new SchemaShape.Column(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
    }

    private SchemaShape.Column Find(SchemaShape schema, string name)
        => schema.TryFindColumn(name, out SchemaShape.Column column) ? column : throw _host.ExceptSchemaMismatch("inputSchema", "input", name);
}
