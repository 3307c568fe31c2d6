using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Training;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class ResumeCommand : IToolCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The folder that was --out when it was started." };

    public ResumeCommand() => Command = new Command("resume", "Goes on with an interrupted training, as if it had never stopped.") { _folder };

    public Command Command { get; }

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string folder = arguments.GetRequiredValue(_folder);
        RunFile run = RunFile.Read(folder);
        var results = new RunFolder(folder);
        if (File.Exists(results.Model) && !DcganModelFile.Inspect(results.Model)[0].Summary.Cancelled)
            throw new UsageException($"the training in '{folder}' is finished: {results.Model} is its model");
        string checkpoints = run.ToOptions().CheckpointFolder ?? results.Checkpoints;
        if (!RunFolder.HasCheckpoints(checkpoints))
            output.Note($"'{checkpoints}' has no checkpoint to go on from: the training starts anew");
        return new TrainingRun(run, folder, resume: true, output).Execute(cancellation);
    }
}
