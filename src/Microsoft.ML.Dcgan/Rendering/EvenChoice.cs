namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>Some of many, evenly: the first, the last, and as many between as there may be.</summary>
internal static class EvenChoice
{
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> all, int most) => all.Count <= most
        ? all
        : Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))]).ToArray();
}
