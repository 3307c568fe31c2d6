namespace Microsoft.ML.Dcgan;

/// <summary>
/// .NET notebooks look for an attribute of this name on a value's type, and reach all else by reflection:
/// a library is shown well without a reference to the notebook's packages.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>Shows this library's types in notebooks: pictures as such, and all as HTML.</summary>
internal sealed class NotebookPictures
{
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new Formatter("image/png", value => value is ImageGrid grid ? Convert.ToBase64String(grid.ToPng()) : null),
        new Formatter("image/gif", value => value is ImageAnimation animation ? Convert.ToBase64String(animation.ToGif()) : null),
        new Formatter("text/html", NotebookHtml.Of),
    ];

    /// <summary>What notebooks expect of a formatter, by name.</summary>
    internal sealed class Formatter(string mimeType, Func<object, string?> format)
    {
        public string MimeType => mimeType;

        /// <summary>Writes a value; false where it is of no kind to be written so.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            if (format(instance) is not { } text)
                return false;
            writer.Write(text);
            return true;
        }
    }
}
