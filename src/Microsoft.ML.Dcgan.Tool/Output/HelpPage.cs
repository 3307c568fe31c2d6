using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.ML.Dcgan.Tool.Commands;

namespace Microsoft.ML.Dcgan.Tool.Output;

using Command = System.CommandLine.Command; // not ML.NET's namespace

/// <summary>What <c>--help</c> prints: how a command is called, examples, and its options in groups.</summary>
internal sealed class HelpPage(IReadOnlyDictionary<Command, IToolCommand> commands, IReadOnlyList<string> examples)
    : SynchronousCommandLineAction
{
    private const string Indent = "  ";

    // Beyond that, what a symbol is for stands in the line below.
    private const int MostLabel = 32;
    private const int LeastWidth = 60;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        IToolCommand? known = commands.GetValueOrDefault(command);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        int width = Console.IsOutputRedirected ? int.MaxValue : Math.Max(Console.WindowWidth, LeastWidth);

        Section("Description", [(command.Description ?? "", "")]);
        Section("Usage", [(Usage(command), "")]);
        Section("Examples", (known?.Examples ?? examples).Select(example => (example, "")));
        Section("Commands", command.Subcommands.Select(other => (other.Name, other.Description ?? "")));
        Section("Arguments", command.Arguments.Select(argument => ($"<{argument.Name}>", argument.Description ?? "")));
        foreach (OptionGroup group in known?.Groups ?? [])
            Section(group.Title, group.Options.Where(option => !option.Hidden).Select(Row));
        RootCommand root = (RootCommand)parseResult.RootCommandResult.Command;
        Section(command == root ? "Options" : "Options of all commands",
            root.Options.Where(option => command == root || option.Recursive).Select(Row));
        return ExitCode.Done;

        void Section(string title, IEnumerable<(string Label, string Text)> rows)
        {
            (string Label, string Text)[] all = [.. rows];
            if (all.Length == 0)
                return;
            output.WriteLine($"{title}:");
            int column = Indent.Length + Math.Min(MostLabel, all.Max(row => row.Label.Length)) + Indent.Length;
            foreach ((string label, string text) in all)
            {
                string[] lines = [.. Wrapped(text, width - column)];
                string first = Indent + label.ReplaceLineEndings(Environment.NewLine + Indent);
                bool fits = first.Length + Indent.Length <= column;
                output.WriteLine(fits && lines.Length > 0 ? first.PadRight(column) + lines[0] : first);
                foreach (string line in lines.Skip(fits ? 1 : 0))
                    output.WriteLine(new string(' ', column) + line);
            }
            output.WriteLine();
        }
    }

    private static string Usage(Command command)
    {
        IEnumerable<string> arguments = command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues > 0 ? $"<{argument.Name}>" : $"[<{argument.Name}>]");
        string what = command is RootCommand ? CommandLineTool.Name + " <command>" : $"{CommandLineTool.Name} {command.Name}";
        return string.Join(' ', [what, .. arguments, "[options]"]);
    }

    private static (string Label, string Text) Row(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias[0] == '-').Append(option.Name));
        string more = option.Required ? " (required)"
            : option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } standard
                ? $" (default {standard})"
            : "";
        return (option.HelpName is { } value ? $"{names} <{value}>" : names, option.Description + more);
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length >= width)
            {
                yield return line;
                line = "";
            }
            line += line.Length > 0 ? $" {word}" : word;
        }
        if (line.Length > 0)
            yield return line;
    }
}

/// <summary>Options that stand together in help.</summary>
internal sealed record OptionGroup(string Title, IEnumerable<Option> Options);
