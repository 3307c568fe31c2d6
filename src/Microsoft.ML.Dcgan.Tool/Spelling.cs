namespace Microsoft.ML.Dcgan.Tool;

/// <summary>What somebody may have meant.</summary>
internal static class Spelling
{
    private const int MostEdits = 2;

    /// <summary>The known word that is the fewest edits away; null where all are far.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        (string Word, int Edits) nearest = known.Select(other => (other, Edits(word, other))).DefaultIfEmpty(("", int.MaxValue)).MinBy(pair => pair.Item2);
        return nearest.Edits <= MostEdits ? nearest.Word : null;
    }

    // Levenshtein's distance, a row at a time.
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
