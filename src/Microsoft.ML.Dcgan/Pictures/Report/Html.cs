using System.Globalization;
using System.Net;
using System.Text;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>Pieces of HTML. Whatever is given as text is escaped.</summary>
internal static class Html
{
    // Narrower pictures are shown larger, pixel by pixel.
    private const int ShownWidth = 480;

    public static string Text(object? value) => WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)) ?? "";

    public static string Section(string title, string content) => $"<section><h2>{Text(title)}</h2>\n{content}\n</section>\n";

    public static string Picture(ImageGrid grid, string description, string attributes = "") =>
        Picture(grid.ToPng(), grid.Width, grid.Height, description, attributes);

    public static string Picture(byte[] png, int width, int height, string description, string attributes = "")
    {
        int times = Math.Max(1, ShownWidth / width);
        return $"<img class=\"{(times > 1 ? "small" : "large")}\" alt=\"{Text(description)}\" width=\"{times * width}\" height=\"{times * height}\" {attributes} src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">";
    }

    public static string Table(IEnumerable<(string Name, string Value)> rows) => Table([], rows.Select(row => new[] { row.Name, row.Value }));

    public static string Table(IReadOnlyList<string> heading, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table>");
        if (heading.Count > 0)
            table.Append("<tr>").AppendJoin("", heading.Select(cell => $"<th>{Text(cell)}</th>")).Append("</tr>");
        foreach (string[] row in rows)
            table.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");
        return table.Append("</table></div>").ToString();
    }
}
