using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>A Markdown file of the checkout: its prose, and its fenced blocks of code.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<string> _prose = [];
    private readonly List<Block> _blocks = [];

    private MarkdownPage(string path)
    {
        Path = path;
        string? language = null;
        var code = new StringBuilder();
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            bool isFence = lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (isFence && language == null)
            {
                language = lines[i].TrimStart()[3..];
            }
            else if (isFence)
            {
                _blocks.Add(new Block(language!, i - code.ToString().Count(letter => letter == '\n') + 1, code.ToString()));
                language = null;
                code.Clear();
            }
            else if (language != null)
            {
                code.Append(lines[i]).Append('\n');
            }
            else
            {
                _prose.Add(lines[i]);
            }
        }
    }

    /// <summary>Every page that a person wrote.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } = Checkout.Sources("", "*.md").Order(StringComparer.Ordinal)
        .Select(path => new MarkdownPage(path)).ToArray();

    public static MarkdownPage At(string name) => All.Single(page => page.Name == name);

    public string Path { get; }

    /// <summary>Its path in the checkout.</summary>
    public string Name => System.IO.Path.GetRelativePath(Checkout.Root, Path).Replace('\\', '/');

    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>The lines that are not code.</summary>
    public IReadOnlyList<string> Prose => _prose;

    /// <summary>What links and pictures point to.</summary>
    public IEnumerable<string> Targets => _prose.SelectMany(line => Link().Matches(InlineCode().Replace(line, "")))
        .Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value);

    /// <summary>What may stand behind a # in a link to this page, as GitHub makes it of headings.</summary>
    public IEnumerable<string> Anchors => _prose.Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>The cells of the rows of all tables.</summary>
    public IEnumerable<string[]> TableRows => _prose.Where(line => line.StartsWith('|'))
        .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)|(?:src|srcset|href)=""([^""]+)""")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    /// <param name="Language">What stands behind the opening fence.</param>
    /// <param name="Line">The line of the page, from 1, that the code begins in.</param>
    /// <param name="Code">Its lines.</param>
    public sealed record Block(string Language, int Line, string Code);
}
