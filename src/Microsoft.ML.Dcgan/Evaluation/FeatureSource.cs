using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Reads the features of a cursor's current row. What it throws says what is wrong; the reader says which row it is.</summary>
internal interface IFeatureSource
{
    void Read(Span<float> features);
}

/// <summary>A vector's numbers.</summary>
internal sealed class VectorFeatures(ValueGetter<VBuffer<float>> getter, int size) : IFeatureSource
{
    private readonly float[] _dense = new float[size];
    private VBuffer<float> _values;

    public void Read(Span<float> features)
    {
        getter(ref _values);
        if (_values.Length != size)
            throw new InvalidOperationException($"has {_values.Length} numbers, but the column's type says {size}.");

        _values.CopyTo(_dense);
        for (int i = 0; i < size; i++)
        {
            if (!float.IsFinite(_dense[i]))
                throw new InvalidOperationException($"slot {i} is {FormattableString.Invariant($"{_dense[i]}")}, but features must be finite numbers. Leave such rows out, or replace what is missing.");
        }
        _dense.CopyTo(features);
    }
}

/// <summary>An image's pixels, from -1 to 1, planes first.</summary>
internal sealed class PixelFeatures(IPixelSource pixels, int size) : IFeatureSource
{
    private readonly byte[] _bytes = new byte[size];

    public void Read(Span<float> features)
    {
        pixels.Read(_bytes);
        for (int i = 0; i < size; i++)
            features[i] = _bytes[i] / 127.5f - 1;
    }
}
