using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Microsoft.ML.Dcgan.Tool.Commands;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool;

/// <summary>The command <c>dcgan</c>: what it prints goes to two writers, and it returns its exit code.</summary>
internal sealed class CommandLineTool
{
    public const string Name = "dcgan";

    private static readonly Dictionary<string, Func<IToolCommand>> _commands = new()
    {
        ["train"] = () => new TrainCommand(),
        ["resume"] = () => new ResumeCommand(),
        ["generate"] = () => new GenerateCommand(),
        ["serve"] = () => new ServeCommand(),
        ["interpolate"] = () => new InterpolateCommand(),
        ["export"] = () => new ExportCommand(),
        ["evaluate"] = () => new EvaluateCommand(),
        ["inspect"] = () => new InspectCommand(),
        ["completion"] = () => new CompletionCommand(),
    };

    private static readonly string[] _examples =
    [
        "dcgan train photos                                   trains on a folder of pictures, until it gets no better",
        "dcgan generate photos-model/model.zip --out new      makes pictures",
        "dcgan train --help                                   what else can be asked for",
    ];

    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<System.CommandLine.Command, IToolCommand> _made = [];
    private readonly RootCommand _root = new("Trains image generators (DCGAN) on folders of pictures, and generates with them.")
    {
        HelpName = Name,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "One JSON object on standard output, all else on standard error.",
        Recursive = true,
    };

    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "With an error, where in the program it came from.",
        Recursive = true,
    };

    public CommandLineTool(TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        (_output, _errors, _cancellation) = (output, errors, cancellation);
        _root.Options.OfType<HelpOption>().Single().Action = new HelpPage(_made, _examples);
        _root.Options.Add(_json);
        _root.Options.Add(_verbose);
    }

    public int Run(string[] arguments)
    {
        AddCommands(arguments.FirstOrDefault());
        ParseResult parsed = _root.Parse(arguments.Length > 0 ? arguments : ["--help"]);
        if (parsed.Action is ParseErrorAction)
            return Refuse(parsed, UnknownOption(parsed) is { } option ? Unknown(parsed, option)
                : parsed.UnmatchedTokens is [var word, ..] ? Unknown(parsed, word) : Wrong(parsed.Errors[0]));

        try
        {
            int code = parsed.Invoke(new InvocationConfiguration
            {
                Output = _output,
                Error = _errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
            // A disk that is full may show only now.
            _output.Flush();
            return code;
        }
        catch (UsageException wrong)
        {
            return Refuse(parsed, wrong.Message);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            _errors.WriteLine($"{Name}: interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception failure)
        {
            _errors.WriteLine($"{Name}: {ErrorMessage.Of(failure)}");
            if (parsed.GetValue(_verbose))
                _errors.WriteLine(failure);
            return ExitCode.Failed;
        }
    }

    // Where one is named, the others, with dozens of options, need not be made.
    private void AddCommands(string? name)
    {
        IEnumerable<Func<IToolCommand>> needed =
            name != null && _commands.TryGetValue(name, out Func<IToolCommand>? one) ? [one] : _commands.Values;
        foreach (Func<IToolCommand> make in needed)
        {
            IToolCommand command = make();
            command.Command.SetAction(parsed =>
                command.Run(parsed, new CommandOutput(_output, _errors, parsed.GetValue(_json)), _cancellation));
            _made[command.Command] = command;
            _root.Subcommands.Add(command.Command);
        }
    }

    // The parser takes it for the value of an argument that is missing.
    private static string? UnknownOption(ParseResult parsed) => parsed.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens).Select(token => token.Value)
        .FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && !File.Exists(word));

    private static string Unknown(ParseResult parsed, string word)
    {
        System.CommandLine.Command command = parsed.CommandResult.Command;
        IEnumerable<string> options = command.Options.Where(option => !option.Hidden).Select(option => option.Name);
        string? meant = Spelling.Nearest(word, options.Concat(command.Subcommands.Select(known => known.Name)));
        if (meant == null && Directory.Exists(word) && command.Options.Any(option => option.Name == "--images"))
            meant = $"--images {word}";
        return $"'{word}' is not known here{(meant != null ? $"; perhaps '{meant}' is meant" : "")}";
    }

    // The parser has .NET's names of types.
    private static string Wrong(ParseError error) => error.SymbolResult is OptionResult { Tokens: [{ Value: var text }] } result
        ? result.Option switch
        {
            Option<int> or Option<int?> => $"{result.Option.Name} takes a whole number, not '{text}'",
            { ValueType.IsEnum: true } => $"{result.Option.Name} takes {result.Option.HelpName!.Replace("|", " or ")}, not '{text}'",
            _ => error.Message.TrimEnd('.'),
        }
        : error.Message.TrimEnd('.');

    private int Refuse(ParseResult parsed, string message)
    {
        string command = parsed.CommandResult.Command is RootCommand ? Name : $"{Name} {parsed.CommandResult.Command.Name}";
        string line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        _errors.WriteLine($"{Name}: {line}. ('{command} --help' tells more.)");
        return ExitCode.WrongUsage;
    }
}

/// <summary>What somebody may have meant.</summary>
internal static class Spelling
{
    private const int MostEdits = 2;

    /// <summary>The known word that is the fewest edits away; null where all are far.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string? nearest = known.MinBy(other => Edits(word, other));
        return nearest != null && Edits(word, nearest) <= MostEdits ? nearest : null;
    }

    // Levenshtein's distance, a row at a time.
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, substituted));
            }
        }
        return row[^1];
    }
}

/// <summary>A command line that says what cannot be done. The message is for the person at the keyboard.</summary>
internal sealed class UsageException(string message) : Exception(message);

internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>What shells say of a program that Ctrl-C ended.</summary>
    public const int Interrupted = 130;
}
