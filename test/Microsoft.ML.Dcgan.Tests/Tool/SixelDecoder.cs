using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Dcgan.Tests.Tool;

/// <summary>Reads sixels as the VT340's manual (EK-VT3XX-GP, chapter 14) has them.</summary>
internal static class SixelDecoder
{
    /// <summary>The first picture, 0xRRGGBB by column and row, -1 where nothing was drawn; and what comes after it.</summary>
    public static (int[,] Colors, string After) Decode(string text)
    {
        Match all = Regex.Match(text, "\u001bP[\\d;]*q(?<data>[^\u001b]*)\u001b\\\\(?<after>.*)", RegexOptions.Singleline);
        Assert.IsTrue(all.Success, "no sixels");
        Match size = Regex.Match(all.Groups["data"].Value, "^\"1;1;(\\d+);(\\d+)");
        int[,] colors = new int[Number(size.Groups[1]), Number(size.Groups[2])];
        for (int i = 0; i < colors.Length; i++)
            colors[i % colors.GetLength(0), i / colors.GetLength(0)] = -1;
        var palette = new Dictionary<int, int>();
        int x = 0, band = 0, color = -1;
        MatchCollection tokens = Regex.Matches(all.Groups["data"].Value[size.Length..],
            @"\G(?:#(?<define>\d+);2;(?<r>\d+);(?<g>\d+);(?<b>\d+)|#(?<select>\d+)|(?:!(?<run>\d+))?(?<bits>[?-~])|(?<control>[$-]))");
        Assert.AreEqual(all.Groups["data"].Length - size.Length, tokens.Sum(token => token.Length), "something is no sixel");
        foreach (Match token in tokens)
        {
            if (token.Groups["define"].Success)
            {
                palette[Number(token.Groups["define"])] = new[] { "r", "g", "b" }
                    .Aggregate(0, (sum, name) => (sum << 8) + (int)Math.Round(Number(token.Groups[name]) * 2.55));
            }
            else if (token.Groups["select"].Success)
            {
                color = palette[Number(token.Groups["select"])];
            }
            else if (token.Groups["control"].Success)
            {
                (x, band) = (0, token.Value == "-" ? band + 1 : band);
            }
            else
            {
                int end = x + (token.Groups["run"].Success ? Number(token.Groups["run"]) : 1), bits = token.Groups["bits"].Value[0] - '?';
                for (; x < end; x++)
                {
                    for (int row = 0; row < 6; row++)
                    {
                        if ((bits >> row & 1) != 0)
                            colors[x, (band * 6) + row] = color;
                    }
                }
            }
        }
        return (colors, all.Groups["after"].Value);
    }

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);
}
