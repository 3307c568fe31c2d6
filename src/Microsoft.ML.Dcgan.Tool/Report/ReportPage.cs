using System.Globalization;
using System.Net;

namespace Microsoft.ML.Dcgan.Tool.Report;

/// <summary>The page around a report's sections, and pieces of HTML. Its policy forbids the browser to load anything; what is given as text
/// is escaped.</summary>
internal static class ReportPage
{
    // Narrower pictures are shown larger, pixel by pixel.
    private const int ShownWidth = 480;

    private const string Style = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--faint:#656d76;--rule:#d8dee4;--tint:#f6f8fa;--accent:#0969da}
        @media(prefers-color-scheme:dark){
        :root{--paper:#0d1117;--ink:#e6edf3;--faint:#9198a1;--rule:#30363d;--tint:#161b22;--accent:#58a6ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:16px;max-width:1060px;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0;overflow-wrap:anywhere}
        h2{font-size:1.15rem;margin:2rem 0 .6rem;padding-bottom:.3rem;border-bottom:1px solid var(--rule)}
        p{margin:.4rem 0;overflow-wrap:anywhere}.faint,figcaption{color:var(--faint);font-size:.9rem}figure{margin:0}
        img{max-width:100%;height:auto;display:block}img.small{image-rendering:pixelated}img[hidden]{display:none}
        .charts,.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:12px}
        .pair{gap:0 24px}section{min-width:0}.charts svg{width:100%;height:auto}
        .scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.92rem}
        td,th{text-align:left;vertical-align:top;padding:.25rem .9rem .25rem 0;
        border-bottom:1px solid var(--rule);overflow-wrap:break-word;max-width:32rem}
        th{color:var(--faint);font-weight:500}
        pre{background:var(--tint);padding:12px;overflow-x:auto;border-radius:6px;font-size:.85rem}code{font-family:ui-monospace,monospace}
        .look{display:flex;align-items:center;gap:10px;max-width:560px;margin:.6rem 0}
        .look input{flex:1;min-width:0;accent-color:var(--accent)}
        button{font:inherit;padding:.2rem .8rem;border:1px solid var(--rule);border-radius:6px;background:var(--tint);color:inherit}
        .neighbours{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,240px),1fr));gap:14px}
        .alarm{border-left:4px solid #bf8700;padding-left:12px}summary{cursor:pointer;color:var(--accent)}
        """;

    /// <param name="title">Text.</param>
    /// <param name="sections">HTML.</param>
    public static string Create(string title, IEnumerable<string> sections) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
            content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>{Text(title)}</title>
        <style>{Style}</style>
        </head>
        <body>
        <h1>{Text(title)}</h1>
        {string.Concat(sections)}
        </body>
        </html>

        """;

    public static string Text(object? value) => WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)) ?? "";

    public static string Section(string title, string content) => $"<section><h2>{Text(title)}</h2>\n{content}\n</section>\n";

    public static string Picture(ImageGrid grid, string description) => Picture(grid.ToPng(), grid.Width, grid.Height, description);

    public static string Picture(byte[] png, int width, int height, string description, string attributes = "")
    {
        int times = Math.Max(1, ShownWidth / width);
        string size = $"width=\"{times * width}\" height=\"{times * height}\"";
        return $"<img class=\"{(times > 1 ? "small" : "large")}\" alt=\"{Text(description)}\" {size} {attributes} " +
            $"src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">";
    }

    public static string Table(string[] heading, IEnumerable<string[]> rows)
    {
        string top = heading.Length > 0 ? Row(heading, "th") : "";
        return $"<div class=\"scroll\"><table>{top}{string.Concat(rows.Select(row => Row(row, "td") + "\n"))}</table></div>";

        static string Row(string[] cells, string tag) => $"<tr>{string.Concat(cells.Select(cell => $"<{tag}>{Text(cell)}</{tag}>"))}</tr>";
    }
}
