using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>The columns that trained networks add to a view, and the same without one. Any number of threads may use them.</summary>
internal static class NetworkColumns
{
    /// <summary>Images, generated from each row's noise and, where there are classes, label.</summary>
    public static BatchedColumn Generated(NetworkShape shape, Lazy<FoldedGenerator> generator, NoiseColumn noise, LabelColumn? labels,
        string name, int batchSize) =>
        BatchedColumn.OfImages(name, new RowInputs(Noise: noise, Labels: labels), batchSize, shape.Height, shape.Width,
            rows => Render(generator.Value, rows.Noise, rows.Labels));

    /// <summary>The discriminator's features of each row's image.</summary>
    public static BatchedColumn Features(Discriminator discriminator, string name, string imageColumnName, int batchSize) =>
        BatchedColumn.OfVectors(name, Images(discriminator, imageColumnName), batchSize, discriminator.Shape.Features,
            rows => Compute(discriminator, rows, images => discriminator.Features(images)));

    /// <summary>The discriminator's probability that each row's image is real.</summary>
    public static BatchedColumn Realness(Discriminator discriminator, string name, string imageColumnName, int batchSize) =>
        BatchedColumn.OfNumbers(name, Images(discriminator, imageColumnName), batchSize,
            rows => Compute(discriminator, rows, images => discriminator.call(images).sigmoid()));

    /// <summary>The pictures of noise vectors that follow one another and, where there are classes, the class of each, from 0; as
    /// <see cref="Pixels.ToBgra"/> has them.</summary>
    public static byte[] Render(FoldedGenerator generator, float[] noise, long[]? labels)
    {
        using var scope = NewDisposeScope();
        return Pixels.ToBgra(Generate(generator, noise, labels));
    }

    /// <summary>The same as a tensor of bytes [n, height, width, channels], on the generator's device.</summary>
    public static Tensor Generate(FoldedGenerator generator, float[] noise, long[]? labels)
    {
        using var scope = NewDisposeScope();
        NetworkShape shape = generator.Shape;
        Tensor vectors = tensor(noise, new long[] { noise.Length / shape.NoiseSize, shape.NoiseSize }).to(generator.Device);
        Tensor? classes = labels == null ? null : tensor(labels).to(generator.Device);
        return Generate(generator, shape.WithLabels(vectors, classes)).MoveToOuterDisposeScope();
    }

    /// <summary>The same of what the generator takes: noise and, with classes, these behind it; on its device.</summary>
    public static Tensor Generate(FoldedGenerator generator, Tensor input)
    {
        using var scope = NewDisposeScope();
        return ImageBytes.Quantize(generator.Generate(input)).MoveToOuterDisposeScope();
    }

    private static RowInputs Images(Discriminator discriminator, string columnName) =>
        new(ImageColumn.OfModel(columnName, discriminator.Shape));

    private static float[] Compute(Discriminator discriminator, RowBatch rows, Func<Tensor, Tensor> compute)
    {
        using var scope = new NoGradScope();
        NetworkShape shape = discriminator.Shape;
        Tensor bytes = tensor(rows.Pixels, [rows.Count, shape.Height, shape.Width, shape.Channels]);
        return compute(ImageBytes.Normalize(bytes, discriminator.Device)).cpu().contiguous().data<float>().ToArray();
    }
}
