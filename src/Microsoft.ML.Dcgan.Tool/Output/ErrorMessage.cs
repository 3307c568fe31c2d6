using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Tool.Options;

namespace Microsoft.ML.Dcgan.Tool.Output;

/// <summary>What went wrong, in a line, in the words of the command line.</summary>
internal static class ErrorMessage
{
    public static string Of(Exception failure)
    {
        // What loaders and readers throw says little; what they caught says it all.
        Exception cause = failure;
        while (cause is AggregateException or TargetInvocationException or TypeInitializationException && cause.InnerException is { } inner)
            cause = inner;
        return cause switch
        {
            IOException or UnauthorizedAccessException when !Directory.Exists(Path.GetTempPath()) =>
                $"there is no folder '{Path.GetTempPath()}' for temporary files: set TMPDIR to one that can be written to",
            DllNotFoundException => OneLine(cause.Message),
            OutOfMemoryException => "there is not enough memory. A smaller --batch-size or --size takes less",
            UnauthorizedAccessException => OneLine(cause.Message).Replace(AtomicFile.PartialExtension, "", StringComparison.Ordinal),
            // Options that the library leaves open have defaults here.
            _ => OneLine(InTheToolsWords(Regex.Replace(WithoutParameter(cause.Message),
                @" The default is null[^.]*\.| and MLContext\.FallbackToCpu = true", ""))),
        };
    }

    /// <summary>Pictures by their files, and options under the names that they have here: "LearningRate" is "--learning-rate", and
    /// "BadImages = DcganBadImages.Skip" is "--bad-images skip". A name of one word may be an English word, unless it is said
    /// first of all, or after "where", what it is.</summary>
    public static string InTheToolsWords(string message)
    {
        string text = WithFileNames(message);
        string named = Regex.Replace(text, @"\b[A-Z]\w+\b",
            match => IsName(match) && OptionsSchema<DcganEstimator.Options>.Fields.Any(field => field.IsText && field.Name == match.Value)
                ? TrainingOption.NameOf(match.Value)
                : match.Value);
        foreach (OptionField field in OptionsSchema<DcganEstimator.Options>.Fields.Where(field => field.IsText && field.Kind.IsEnum))
        {
            named = Regex.Replace(named, $@"\b{field.Name} = (?={field.Kind.Name}\.)", "");
            named = Regex.Replace(named, $@"(?<!= ){field.Kind.Name}\.(\w+)",
                match => $"{TrainingOption.NameOf(field.Name)} {match.Groups[1].Value.ToLowerInvariant()}");
        }
        return Regex.Replace(named, @"(?<=--[a-z-]+) = (?:Dcgan\w+\.)?(\w+)", match => " " + match.Groups[1].Value.ToLowerInvariant());

        bool IsName(Match match) => match.Value.Skip(1).Any(char.IsUpper)
            || ((match.Index == 0 || text.AsSpan(0, match.Index).EndsWith(" where ", StringComparison.Ordinal))
                && text.AsSpan(match.Index + match.Length).StartsWith(" is ", StringComparison.Ordinal));
    }

    // Pictures of files in place of rows with columns.
    private static string WithFileNames(string message)
    {
        string named = Regex.Replace(message, @"(?:Column '\w+', )?row \d+, Path '(?<path>[^']*)'(?:, Label '[^']*')?: (?<reason>.*)",
            match => match.Groups["reason"].Value.Contains(match.Groups["path"].Value, StringComparison.Ordinal)
                ? match.Groups["reason"].Value : $"'{match.Groups["path"].Value}' {match.Groups["reason"].Value}", RegexOptions.Singleline);
        return named.Replace("Or leave such rows out of the training, with the option BadImages = DcganBadImages.Skip",
            "BadImages = DcganBadImages.Skip leaves such pictures out", StringComparison.Ordinal);
    }

    private static string WithoutParameter(string message) => Regex.Replace(message, @" \(Parameter '\w+'\)", "");

    private static string OneLine(string text) =>
        string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3));
}
