using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>The end of a page of docs that a test writes, and otherwise compares.</summary>
internal static class GeneratedTables
{
    /// <param name="page">The page's file in docs.</param>
    /// <param name="source">What the tables are made of.</param>
    /// <param name="test">The test that makes them, as a filter finds it.</param>
    /// <param name="tables">What follows the page's line about all this.</param>
    public static void Check(string page, string source, string test, string tables)
    {
        string marker = $"<!-- What follows is generated from {source}: " +
            $"UPDATE_DOCS=1 dotnet test test/Microsoft.ML.Dcgan.Tests --filter {test} -->\n";
        string path = Path.Combine(Checkout.Root, "docs", page), text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int start = text.IndexOf(marker, StringComparison.Ordinal) + marker.Length;
        Assert.IsGreaterThanOrEqualTo(marker.Length, start, $"docs/{page} has lost the line that its tables follow: {marker}");
        string expected = text[..start] + tables;
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, expected);
        else
            Assert.AreEqual(expected, text, $"Run it again with UPDATE_DOCS=1, which writes docs/{page}.");
    }
}
