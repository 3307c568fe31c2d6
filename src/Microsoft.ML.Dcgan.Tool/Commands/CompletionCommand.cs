using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

/// <summary>Scripts for shells, which ask the tool itself what may stand at a place of a command line. Words that do not begin with a
/// dash may be files.</summary>
internal sealed class CompletionCommand : IToolCommand
{
    private static readonly Dictionary<string, string> _scripts = new()
    {
        ["bash"] = """
            # eval "$(dcgan completion bash)", in ~/.bashrc
            _dcgan() {
                local rest=${COMP_LINE#"${COMP_WORDS[0]}"}
                local known=$("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT - ${#COMP_WORDS[0]} - 1))]" "${rest# }" 2>/dev/null)
                COMPREPLY=($(compgen -W "$known" -- "$2"))
                if [[ $2 != -* ]]; then COMPREPLY=($(printf '%s\n' "${COMPREPLY[@]}" | grep -v '^[-/]')); fi
            }
            complete -o bashdefault -o default -F _dcgan dcgan
            """,
        ["zsh"] = """
            # eval "$(dcgan completion zsh)", in ~/.zshrc after compinit
            _dcgan() {
                local rest="${(j: :)words[2,CURRENT]}"
                local -a known
                known=("${(@f)$("${words[1]}" "[suggest:${#rest}]" "$rest" 2>/dev/null)}")
                if [[ $PREFIX != -* ]]; then known=(${known:#[-/]*}); fi
                compadd -a known || _files
            }
            compdef _dcgan dcgan
            """,
        ["pwsh"] = """
            # dcgan completion pwsh | Out-String | Invoke-Expression, in $PROFILE
            Register-ArgumentCompleter -Native -CommandName dcgan -ScriptBlock {
                param($word, $line, $position)
                $name = $line.CommandElements[0].Extent.Text
                $rest = $line.ToString().Substring($name.Length).TrimStart()
                $at = $position - $line.Extent.StartOffset - $name.Length - 1
                & $name "[suggest:$at]" $rest 2>$null |
                    Where-Object { $_ -like "$word*" -and ($word -like '-*' -or $_ -notmatch '^[-/]') } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    private readonly Argument<string> _shell = new("SHELL") { Description = string.Join(", ", _scripts.Keys) + "." };

    public CompletionCommand()
    {
        _shell.CompletionSources.Add([.. _scripts.Keys]);
        Command = new Command("completion", "Prints a script with which a shell completes command lines.") { _shell };
    }

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "eval \"$(dcgan completion bash)\"                             in ~/.bashrc",
        "dcgan completion pwsh | Out-String | Invoke-Expression      in $PROFILE",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string shell = arguments.GetRequiredValue(_shell);
        output.Line(_scripts.TryGetValue(shell, out string? script) ? script
            : throw new UsageException($"scripts are for {string.Join(", ", _scripts.Keys)}, not for '{shell}'"));
        return ExitCode.Done;
    }
}
