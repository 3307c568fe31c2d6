using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

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

    [TestMethod]
    public void ReadmesTableHasEachOptionAndNoWrongDefault()
    {
        var defaults = new DcganEstimator.Options();
        var wrong = new List<string>();
        string[][] rows = MarkdownPage.At("README.md").TableRows.ToArray();
        foreach (FieldInfo option in _options)
        {
            string[]? row = rows.SingleOrDefault(row => row[0].Split(", ").Contains($"`{option.Name}`"));
            if (row == null)
                wrong.Add($"{option.Name} has no row");
            else if (IsPlain(row[1]) && Plain(row[1]) != Text(option.GetValue(defaults)))
                wrong.Add($"{option.Name}: the default is {Text(option.GetValue(defaults))}, README.md says {row[1]}");
        }
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
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

    /// <summary>Whether a cell is a value and nothing else: one number, or one piece of code that is no other option.</summary>
    private static bool IsPlain(string cell) => decimal.TryParse(cell, NumberStyles.Number, CultureInfo.InvariantCulture, out _)
        || (cell.Length > 2 && cell[0] == '`' && cell.IndexOf('`', 1) == cell.Length - 1 && _options.All(option => option.Name != cell.Trim('`')));
}
