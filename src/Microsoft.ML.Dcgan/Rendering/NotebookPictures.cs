using System;
using System.Collections.Generic;
using System.IO;

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

internal sealed class NotebookPictures
{
    public IEnumerable<object> CreateTypeFormatters() => [new PngFormatter(), new HtmlFormatter()];

    internal sealed class PngFormatter
    {
        public string MimeType => "image/png";

        public bool Format(object instance, TextWriter writer)
        {
            if (instance is not ImageGrid grid)
                return false;
            writer.Write(Convert.ToBase64String(grid.ToPng()));
            return true;
        }
    }

    internal sealed class HtmlFormatter
    {
        public string MimeType => "text/html";

        public bool Format(object instance, TextWriter writer)
        {
            if (instance is not ImageGrid grid)
                return false;
            writer.Write($"<img alt=\"{grid}\" width=\"{grid.Width}\" height=\"{grid.Height}\" src=\"data:image/png;base64,{Convert.ToBase64String(grid.ToPng())}\">");
            return true;
        }
    }
}
