using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>A view's column of features: vectors, or images, whose features are their pixels.</summary>
/// <param name="Role">What the view is called in messages: real, generated or training.</param>
/// <param name="View">The view.</param>
/// <param name="Column">Its column.</param>
/// <param name="Images">The images' size; null for vectors.</param>
/// <param name="Size">Features of each row.</param>
internal sealed record FeatureColumn(string Role, IDataView View, DataViewSchema.Column Column, ImageFormat? Images, int Size)
{
    /// <summary>What the features are.</summary>
    public string Description => Images is { } images ? Pixels(images) : $"column '{Column.Name}', {Column.Type}";

    /// <param name="role">What the view is called in messages.</param>
    /// <param name="view">The view, of at least a row.</param>
    /// <param name="name">The column.</param>
    /// <param name="channels">How to read images, where they are to be compared with vectors that say so.</param>
    public static FeatureColumn Find(string role, IDataView view, string name, int? channels = null)
    {
        DataViewSchema.Column column = view.Schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(role,
            $"Could not find column '{name}' in the {role} view. The columns are: {string.Join(", ", view.Schema.Where(candidate => !candidate.IsHidden).Select(candidate => candidate.Name))}.");
        if (column.Type is ImageDataViewType)
        {
            ImageFormat images = new ImageColumn(name, null, null, channels).Resolve(view).Format;
            return new(role, view, column, images, images.Size);
        }
        if (column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.Equals(NumberDataViewType.Single))
            return new(role, view, column, null, vector.Size);
        throw new ArgumentOutOfRangeException(role, $"Column '{name}' of the {role} view is of type {column.Type}, but an image or a known-size vector of Single is expected. " +
            "Name another column, or convert this one first.");
    }

    /// <summary>The size of the pictures that a column's type stands for, if it does: an image, or a vector of planes.</summary>
    public static ImageFormat? Pictures(DataViewSchema.Column column, ImageFormat? images) =>
        images ?? (column.Type is VectorDataViewType { Dimensions: { Length: 3 } dimensions } && dimensions[0] is 1 or 3
            ? new ImageFormat(dimensions[1], dimensions[2], dimensions[0])
            : null);

    public static string Pixels(ImageFormat images) => $"pixels {images.Width}x{images.Height}x{images.Channels}";
}
