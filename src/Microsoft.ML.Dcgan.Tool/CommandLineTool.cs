using System;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.ML.Dcgan.Tool.Commands;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool;

/// <summary>The command <c>dcgan</c>: what it prints goes to two writers, and it returns its exit code.</summary>
internal sealed class CommandLineTool
{
    public const string Name = "dcgan";

    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly CancellationToken _cancellation;
    private readonly RootCommand _root = new("Trains image generators (DCGAN) on folders of pictures, and generates with them.") { HelpName = Name };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object on standard output, all else on standard error.", Recursive = true };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "With an error, where in the program it came from.", Recursive = true };

    public CommandLineTool(TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        (_output, _errors, _cancellation) = (output, errors, cancellation);
        _root.Options.Add(_json);
        _root.Options.Add(_verbose);
        Add(new TrainCommand());
        Add(new ResumeCommand());
        Add(new GenerateCommand());
        Add(new InterpolateCommand());
        Add(new EvaluateCommand());
        Add(new InspectCommand());
    }

    public int Run(string[] arguments)
    {
        ParseResult parsed = _root.Parse(arguments.Length > 0 ? arguments : ["--help"]);
        if (parsed.Action is ParseErrorAction)
            return Refuse(parsed, parsed.UnmatchedTokens is [var first, ..] ? Unknown(parsed, first) : parsed.Errors[0].Message.TrimEnd('.'));

        try
        {
            int code = parsed.Invoke(new InvocationConfiguration { Output = _output, Error = _errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
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

    private void Add(IToolCommand command)
    {
        Command added = command.Command;
        added.SetAction(parsed => command.Run(parsed, new CommandOutput(_output, _errors, parsed.GetValue(_json)), _cancellation));
        _root.Subcommands.Add(added);
    }

    private static string Unknown(ParseResult parsed, string word)
    {
        Command command = parsed.CommandResult.Command;
        string? meant = Spelling.Nearest(word, command.Options.Where(option => !option.Hidden).Select(option => option.Name).Concat(command.Subcommands.Select(known => known.Name)));
        return $"'{word}' is not known here{(meant != null ? $"; is '{meant}' meant" : "")}";
    }

    private int Refuse(ParseResult parsed, string message)
    {
        string command = parsed.CommandResult.Command is RootCommand ? Name : $"{Name} {parsed.CommandResult.Command.Name}";
        _errors.WriteLine($"{Name}: {message}. ('{command} --help' tells more.)");
        return ExitCode.WrongUsage;
    }
}
