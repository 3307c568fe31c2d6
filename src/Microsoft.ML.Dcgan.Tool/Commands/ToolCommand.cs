using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Training;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

/// <summary>One of the tool's commands.</summary>
internal interface IToolCommand
{
    /// <summary>Its name, arguments and options.</summary>
    Command Command { get; }

    /// <summary>Command lines to begin with, each with what it does.</summary>
    IReadOnlyList<string> Examples { get; }

    /// <summary>Its options as help has them.</summary>
    IEnumerable<OptionGroup> Groups => Command.Options.Count > 0 ? [new OptionGroup("Options", Command.Options)] : [];

    /// <summary>Does it; returns the exit code.</summary>
    int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation);
}

/// <summary>The model zip that a command names.</summary>
internal static class ModelPath
{
    public static Argument<string> Argument() => new("MODEL") { Description = "A model zip." };

    /// <summary>The generator in it, alone or in a chain, which the caller disposes.</summary>
    /// <exception cref="UsageException">There is no such file, or it holds no generator.</exception>
    /// <exception cref="FormatException">It is damaged, or no model.</exception>
    public static DcganTransformer LoadGenerator(MLContext ml, string path)
    {
        ITransformer model;
        try
        {
            model = ml.Model.Load(path, out _);
        }
        catch (Exception)
        {
            // Tells more than ML.NET does of a file that is no model.
            Inspect(path);
            throw;
        }
        return model as DcganTransformer ?? (model as IEnumerable<ITransformer>)?.OfType<DcganTransformer>().LastOrDefault()
            ?? throw new UsageException($"'{path}' is a {Inspect(path)[^1].Kind}, which generates no pictures");
    }

    /// <summary>The only model in a folder and those right below.</summary>
    /// <exception cref="UsageException">There is none, or there are several.</exception>
    public static string OnlyIn(string folder)
    {
        string[] found = [.. Directory.EnumerateDirectories(folder).Order().Prepend(folder)
            .Select(below => Path.Combine(below, RunFolder.ModelName)).Where(File.Exists)];
        return found switch
        {
            [] => throw new UsageException($"name the model zip: there is no {RunFolder.ModelName} here, nor in the folders right below"),
            [var only] => only,
            _ => throw new UsageException($"name the model zip, of which there are {found.Length} here: {string.Join(", ", found.Take(3))}"
                + (found.Length > 3 ? ", ..." : "")),
        };
    }

    /// <summary>What is in it, without its weights.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="FormatException">It is damaged, or no model.</exception>
    public static IReadOnlyList<DcganModelFile> Inspect(string path)
    {
        if (Directory.Exists(path))
        {
            string inside = Path.Combine(path, RunFolder.ModelName);
            string hint = File.Exists(inside) ? $", such as '{inside}'" : "";
            throw new UsageException($"'{path}' is a folder, but a model zip is expected{hint}");
        }
        return File.Exists(path) ? DcganModelFile.Inspect(path) : throw new UsageException($"there is no file '{path}'");
    }
}
