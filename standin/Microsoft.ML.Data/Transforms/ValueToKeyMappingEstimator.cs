using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly string _output;
    private readonly string _input;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _valuesAsText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName, int maximumNumberOfKeys,
        KeyOrdinality keyOrdinality, bool addKeyValueAnnotationsAsText, IDataView keyData)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonWhiteSpace(outputColumnName, nameof(outputColumnName));
        if (keyData != null && keyData.Schema.Count != 1)
        {
            throw _host.ExceptParam(nameof(keyData), "If specified, this data view should contain only a single column "
                + $"containing the terms to map, but this had {keyData.Schema.Count} columns.");
        }
        _output = outputColumnName;
        _input = inputColumnName ?? outputColumnName;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = keyOrdinality;
        _valuesAsText = addKeyValueAnnotationsAsText;
        _keyData = keyData;
    }

    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        DataViewSchema.Column column = ValueToKeyMappingTransformer.Find(_host, input.Schema, _input);
        bool sorted = _ordinality == KeyOrdinality.ByValue;
        _host.CheckUserArg(_maximumNumberOfKeys > 0, "MaxNumTerms", "Must be positive");
        if (_keyData == null)
            return Make(KeyVocabulary.Learn(input, column, _maximumNumberOfKeys, sorted));

        DataViewSchema.Column terms = _keyData.Schema[0];
        if (!terms.Type.Equals(column.Type.GetItemType()))
            throw _host.ExceptParam("keyData", "Input data's column must be of type '{0}' but was '{1}'", column.Type.GetItemType(), terms.Type);
        return Make(KeyVocabulary.Learn(_keyData, terms, int.MaxValue, sorted));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFindColumn(_input, out SchemaShape.Column source) || source.IsKey || !KeyVocabulary.Takes(source.ItemType))
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", _input);

        var values = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
            _valuesAsText ? TextDataViewType.Instance : source.ItemType, false);
        var annotations = source.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.SlotNames).Append(values);
        var columns = inputSchema.ToDictionary(column => column.Name);
        columns[_output] = new SchemaShape.Column(_output, source.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
        return new SchemaShape(columns.Values);
    }

    private ValueToKeyMappingTransformer Make(KeyVocabulary vocabulary)
        => new ValueToKeyMappingTransformer(_host, _output, _input, vocabulary, _valuesAsText);
}
