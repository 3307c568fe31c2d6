using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// What libtorch reports has a sentence and then dozens of lines about C++ functions. Users get the sentence, and what was being
/// done; the original is not kept as an inner exception, which would be printed with all its lines.
/// </summary>
internal static partial class LibTorchErrors
{
    /// <param name="operation">What is being done, such as "Training".</param>
    /// <param name="work">Does it.</param>
    /// <exception cref="InsufficientMemoryException">libtorch got no memory.</exception>
    /// <exception cref="InvalidOperationException">libtorch failed otherwise.</exception>
    public static T InOneSentence<T>(string operation, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException failure) when (failure.Source == typeof(torch).Assembly.GetName().Name)
        {
            throw Of(operation, failure.Message);
        }
    }

    /// <inheritdoc cref="InOneSentence{T}"/>
    public static void InOneSentence(string operation, Action work) => InOneSentence(operation, () =>
    {
        work();
        return true;
    });

    public static Exception Of(string operation, string report)
    {
        string sentence = Sentence(report);
        return IsOfMemory(sentence)
            ? new InsufficientMemoryException(
                $"{operation} needs more memory than there is: {sentence}. Lower BatchSize (in generating, GenerationBatchSize), " +
                "or have fewer feature maps or smaller images.")
            : new InvalidOperationException($"{operation} failed in libtorch: {sentence}.");
    }

    // The first line, without the place in libtorch's source that may come before, or what a full GPU's message lists after.
    private static string Sentence(string report)
    {
        string line = Place().Replace(report.TrimStart().Split('\n')[0], "").Trim();
        int details = line.IndexOf(". GPU ", StringComparison.Ordinal);
        return (details < 0 ? line : line[..details]).TrimEnd('.');
    }

    private static bool IsOfMemory(string sentence) =>
        sentence.Contains("out of memory", StringComparison.OrdinalIgnoreCase) ||
        sentence.Contains("can't allocate memory", StringComparison.Ordinal);

    [GeneratedRegex(@"^\[enforce fail at [^\]]*\] .*?\. ")]
    private static partial Regex Place();
}
