using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>An ONNX model in ONNX Runtime, which checks it as it loads it.</summary>
internal sealed class OnnxModel(string path) : IDisposable
{
    private readonly InferenceSession _session = new(path, new SessionOptions { IntraOpNumThreads = 1 });

    public string Inputs => Describe(_session.InputMetadata);

    public string Outputs => Describe(_session.OutputMetadata);

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>The output for some rows of its inputs, in their order.</summary>
    public T[] Run<T>(int rows, params Array[] inputs) where T : unmanaged
    {
        OrtValue[] values = _session.InputMetadata.Values.Zip(inputs, (input, numbers) =>
        {
            long[] shape = [rows, .. input.Dimensions.Skip(1).Select(size => (long)size)];
            return Value(numbers, shape);
        }).ToArray();
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results =
            _session.Run(options, [.. _session.InputMetadata.Keys], values, [.. _session.OutputMetadata.Keys]);
        T[] output = results[0].GetTensorDataAsSpan<T>().ToArray();
        Array.ForEach(values, value => value.Dispose());
        return output;
    }

    public void Dispose() => _session.Dispose();

    private static OrtValue Value(Array numbers, long[] shape)
    {
        int size = (int)shape.Aggregate(1L, (product, side) => product * side);
        return numbers switch
        {
            float[] values => OrtValue.CreateTensorValueFromMemory(values[..size], shape),
            long[] values => OrtValue.CreateTensorValueFromMemory(values[..size], shape),
            byte[] values => OrtValue.CreateTensorValueFromMemory(values[..size], shape),
            _ => throw new NotSupportedException(numbers.GetType().Name),
        };
    }

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> values) =>
        string.Join(", ", values.Select(value => $"{value.Key} {value.Value.ElementType.Name} [{Describe(value.Value)}]"));

    private static string Describe(NodeMetadata value) =>
        string.Join(", ", value.Dimensions.Zip(value.SymbolicDimensions, (size, name) => size < 0 ? name : $"{size}"));
}
