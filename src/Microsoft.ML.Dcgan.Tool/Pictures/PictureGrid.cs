using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

internal static class PictureGrid
{
    /// <summary>Writes pictures side by side in a PNG file, and disposes them.</summary>
    public static void Save(IReadOnlyList<MLImage> images, string path, int? columns = null)
    {
        try
        {
            new ImageGrid(images, columns).Save(path);
        }
        finally
        {
            foreach (MLImage image in images)
                image.Dispose();
        }
    }
}
