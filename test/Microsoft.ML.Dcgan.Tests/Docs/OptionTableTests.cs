using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>The tables of options have all of them, with the defaults that they have.</summary>
[TestClass]
public class OptionTableTests
{
    private static readonly FieldInfo[] _options = typeof(DcganEstimator.Options).GetFields(BindingFlags.Public | BindingFlags.Instance);

    [TestMethod]
    public void DocsOptionsHasARowWithTheDefaultAndAParagraphForEachOption()
    {
        MarkdownPage page = MarkdownPage.At("docs/options.md");
        var defaults = new DcganEstimator.Options();
        var wrong = new List<string>();
        foreach (FieldInfo option in _options)
        {
            string[][] rows = page.TableRows.Where(row => row[0] == $"`{option.Name}`").ToArray();
            if (rows.Length != 1)
            {
                wrong.Add($"{option.Name} has {rows.Length} rows, one is expected");
                continue;
            }
            string expected = Text(option.GetValue(defaults)), found = Plain(rows[0][1].Split(':')[0]);
            if (found != expected)
                wrong.Add($"{option.Name}: the default is {expected}, docs/options.md says {found}");
            if (!page.Prose.Any(line => line.StartsWith("- **", StringComparison.Ordinal) && line.Split("**")[1].Split(", ").Contains($"`{option.Name}`")))
                wrong.Add($"{option.Name} has no paragraph");
        }
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void DocsOptionsHasNoOtherRows()
    {
        string[] unknown = MarkdownPage.At("docs/options.md").TableRows.Select(row => row[0]).Where(cell => cell.StartsWith('`'))
            .Select(cell => cell.Trim('`')).Except(_options.Select(option => option.Name)).ToArray();

        Assert.IsEmpty(unknown, string.Join(", ", unknown));
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        CancellationToken => "none",
        Enum choice => choice.ToString(),
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture).ToString("0.##########", CultureInfo.InvariantCulture),
    };

    private static string Plain(string cell)
    {
        string text = cell.Trim().Trim('`');
        return decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number) ? number.ToString("0.##########", CultureInfo.InvariantCulture) : text;
    }
}
