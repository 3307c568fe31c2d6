using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Training data for tests: small pictures, each different, none random.</summary>
internal static class Pictures
{
    /// <summary>Pixels in [-1, 1], planes first: picture i is a gradient that starts elsewhere.</summary>
    public static float[] Pixels(int i, int height, int width, int channels) =>
        Bytes(i, height, width, channels).Select(value => value / 127.5f - 1).ToArray();

    public static byte[] Bytes(int i, int height, int width, int channels)
    {
        var bytes = new byte[channels * height * width];
        for (int c = 0; c < channels; c++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    bytes[(c * height + y) * width + x] = (byte)((i * 37 + c * 50 + x * 5 + y * 3) % 256);
        return bytes;
    }

    /// <summary>A view with a column "Pixels" of type Vector of Single with the dimensions planes, height, width.</summary>
    public static IDataView View(MLContext ml, int count, int height, int width, int channels) =>
        View(ml, Enumerable.Range(0, count).Select(i => Pixels(i, height, width, channels)), channels, height, width);

    public static IDataView View(MLContext ml, IEnumerable<float[]> pixels, params int[] dimensions)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PixelRow));
        schema[nameof(PixelRow.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return ml.Data.LoadFromEnumerable(pixels.Select((row, i) => new PixelRow { Pixels = row, Number = i }).ToList(), schema);
    }

    public static ImageAnimation Animation(IEnumerable<MLImage> frames, int delay = 100, int? lastDelay = null, int plays = 0) =>
        new(frames.Select(PixelCanvas.From), delay, lastDelay, plays);

    /// <summary>The same pictures, as the training loop takes them.</summary>
    public static Dataset TrainingSet(int count, int height, int width, int channels)
    {
        var images = new MemoryDataset(count, (channels, height, width), CPU);
        images.Complete(Enumerable.Range(0, count).Select(i => images.Add(Interleaved(Bytes(i, height, width, channels), channels)))
            .ToArray());
        return images;
    }

    /// <summary>An image's planes as training keeps them: each pixel's channels side by side.</summary>
    public static byte[] Interleaved(byte[] planes, int channels)
    {
        int size = planes.Length / channels;
        return Enumerable.Range(0, planes.Length).Select(i => planes[i % channels * size + i / channels]).ToArray();
    }

    /// <summary>What training reads of a column: planes, image after image.</summary>
    public static byte[] AsTrainedOn(IDataView view, string columnName, int? channels = null)
    {
        using var scope = NewDisposeScope();
        (DataViewSchema.Column column, ImageFormat format) = new ImageColumn(columnName, null, null, channels).Resolve(view);
        using var images = new MemoryDataset(ImageReader.Count(view), (format.Channels, format.Height, format.Width), CPU);
        ImageReader.Read(view, column, format, images, CancellationToken.None);
        return images.Gather(arange(images.Count)).permute(0, 3, 1, 2).contiguous().bytes.ToArray();
    }

    public static MLImage Image(int i, int height, int width)
    {
        byte[] planes = Bytes(i, height, width, 3);
        var pixels = new byte[height * width * 4];
        for (int p = 0; p < height * width; p++)
        {
            pixels[4 * p] = planes[2 * height * width + p];
            pixels[4 * p + 1] = planes[height * width + p];
            pixels[4 * p + 2] = planes[p];
            pixels[4 * p + 3] = 255;
        }
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }

    /// <summary>Writes pictures as PNG files and returns their paths.</summary>
    public static string[] Files(string folder, int count, int height, int width)
    {
        Directory.CreateDirectory(folder);
        return Enumerable.Range(0, count).Select(i =>
        {
            string path = Path.Combine(folder, $"{i:0000}.png");
            using MLImage image = Image(i, height, width);
            image.Save(path);
            return path;
        }).ToArray();
    }

    /// <summary>The smallest settings that train.</summary>
    public static DcganEstimator.Options SmallOptions(int epochs = 1) => new()
    {
        OutputColumnName = "Generated",
        ImageColumnName = "Pixels",
        Epochs = epochs,
        BatchSize = 4,
        NoiseSize = 6,
        GeneratorFeatureMaps = 4,
        DiscriminatorFeatureMaps = 4,
        Seed = 1,
        Device = DcganDevice.Cpu,
    };

    /// <summary>A generator of 16x12 pictures of 3 channels, hardly trained.</summary>
    public static DcganTransformer SmallModel(MLContext ml, int channels = 3) =>
        ml.Transforms.Dcgan(SmallOptions()).Fit(View(ml, 8, 16, 12, channels));
}

public sealed class PixelRow
{
    public float[] Pixels { get; set; } = [];

    public int Number { get; set; }
}

public sealed class FileRow
{
    public string Path { get; set; } = "";
}
