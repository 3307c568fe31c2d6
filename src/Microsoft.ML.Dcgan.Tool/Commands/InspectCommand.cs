using System.CommandLine;
using Microsoft.ML.Dcgan.Tool.Inspection;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class InspectCommand : IToolCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model zip." };

    public InspectCommand() => Command = new Command("inspect", "Shows what is in a model, without loading its weights.") { _model };

    public Command Command { get; }

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_model);
        ModelPath.Check(path);
        IReadOnlyList<DcganModelFile> models = DcganModelFile.Inspect(path);
        foreach (DcganModelFile model in models)
            ModelSummary.Write(model, output);
        output.Line($"{path}: {ByteCount.Text(new FileInfo(path).Length)}");
        output.Result(ModelSummary.Json(path, models));
        return ExitCode.Done;
    }
}
