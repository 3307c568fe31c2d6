using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

/// <summary>One of the tool's commands.</summary>
internal interface IToolCommand
{
    /// <summary>Its name, arguments and options.</summary>
    Command Command { get; }

    /// <summary>Does it; returns the exit code.</summary>
    int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation);
}
