using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>A few generated pictures, each with the training pictures that are nearest to it: whether it learned them by heart.</summary>
internal static class ReportNearest
{
    private const int Pictures = 8;
    private const int Neighbors = 3;
    private const string ColumnName = "Generated";

    public static string Section(DcganTransformer gan, IDataView training, string columnName)
    {
        (DataViewSchema.Column column, ImageFormat format) = ImageColumn.OfModel(columnName, gan.Networks.Shape).Find(training.Schema);
        var ml = new MLContext();
        IReadOnlyList<MLImage> generated = gan.Generate(Pictures);
        var shown = new Dictionary<long, MLImage>();
        try
        {
            int count = (int)Math.Min(Neighbors, ImageReader.Count(training));
            IReadOnlyList<NearestImages> nearest = ml.ImageGeneration().FindNearest(training, View(ml, generated, format), columnName, ColumnName, count: Math.Max(count, 1));
            ReadRows(training, column, format, nearest.SelectMany(found => found.Neighbors).Select(neighbor => neighbor.TrainingRow).ToHashSet(), shown);
            return Html.Section("Nearest training pictures", "<p class=\"faint\">Each generated picture, and right of it the training pictures that differ least from it, pixel by pixel: below are their rows, from 0, and how much they differ. " +
                $"Pictures learned by heart would be the same.</p>\n<div class=\"neighbours\">{string.Join('\n', nearest.Select(found => Row(generated, found, shown)))}</div>");
        }
        finally
        {
            foreach (MLImage image in generated.Concat(shown.Values))
                image.Dispose();
        }
    }

    private static string Row(IReadOnlyList<MLImage> generated, NearestImages found, Dictionary<long, MLImage> shown)
    {
        MLImage[] images = [generated[(int)found.GeneratedRow], .. found.Neighbors.Select(neighbor => shown[neighbor.TrainingRow])];
        string distances = string.Join(", ", found.Neighbors.Select(neighbor => neighbor.Distance.ToString("G3", CultureInfo.InvariantCulture)));
        string rows = string.Join(", ", found.Neighbors.Select(neighbor => neighbor.TrainingRow));
        return $"<figure>{Html.Picture(new ImageGrid(images, images.Length), "A generated picture and its nearest training pictures")}<figcaption>rows {rows}: {distances}</figcaption></figure>";
    }

    private static void ReadRows(IDataView training, DataViewSchema.Column column, ImageFormat format, HashSet<long> wanted, Dictionary<long, MLImage> images)
    {
        using DataViewRowCursor cursor = training.GetRowCursor([column]);
        IPixelReader source = PixelReader.For(cursor, column, format);
        var pixels = new byte[format.Size];
        for (long row = 0; images.Count < wanted.Count && cursor.MoveNext(); row++)
        {
            if (!wanted.Contains(row))
                continue;
            source.Read(pixels);
            using var scope = NewDisposeScope();
            images[row] = Pixels.ToImage(Pixels.ToBgra(tensor(pixels, [1, format.Height, format.Width, format.Channels])), 0, format.Height, format.Width);
        }
    }

    // As vectors of planes, which compare with images and vectors alike.
    private static IDataView View(MLContext ml, IReadOnlyList<MLImage> images, ImageFormat format)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(GeneratedRow));
        schema[nameof(GeneratedRow.Generated)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, format.Channels, format.Height, format.Width);
        return ml.Data.LoadFromEnumerable(images.Select(image => new GeneratedRow { Generated = Planes(image, format) }).ToList(), schema);
    }

    private static float[] Planes(MLImage image, ImageFormat format)
    {
        const int BytesPerPixel = Pixels.BytesPerPixel;
        ReadOnlySpan<byte> bgra = image.Pixels;
        var planes = new float[format.Size];
        for (int plane = 0; plane < format.Channels; plane++)
        {
            for (int i = 0; i < format.PlaneSize; i++)
                planes[plane * format.PlaneSize + i] = bgra[i * BytesPerPixel + 2 - plane] / 127.5f - 1;
        }
        return planes;
    }

    private sealed class GeneratedRow
    {
        public float[] Generated { get; set; } = [];
    }
}
