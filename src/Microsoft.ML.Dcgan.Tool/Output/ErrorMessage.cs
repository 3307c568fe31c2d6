using System;
using System.Linq;
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
        while (cause is AggregateException or System.Reflection.TargetInvocationException or TypeInitializationException && cause.InnerException is { } inner)
            cause = inner;
        return cause switch
        {
            DllNotFoundException => $"the native libraries of TorchSharp cannot be loaded: {OneLine(cause.Message)}",
            OutOfMemoryException => "there is not enough memory. A smaller --batch-size or --size takes less",
            _ => OneLine(cause is ArgumentException wrong ? WithoutParameter(wrong) : cause.Message),
        };
    }

    /// <summary>Options under the names that they have here: "LearningRate" is "--learning-rate".</summary>
    public static string WithOptionNames(string message) =>
        Regex.Replace(message, @"\b[A-Z]\w+\b", match => OptionField.Find(match.Value) is { } field ? field.Name : match.Value);

    private static string WithoutParameter(ArgumentException wrong)
    {
        int end = wrong.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return WithOptionNames(end < 0 ? wrong.Message : wrong.Message[..end]);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3));
}
