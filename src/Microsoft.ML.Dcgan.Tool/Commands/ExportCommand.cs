using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class ExportCommand : IToolCommand
{
    private static readonly string[] _formats = ["onnx", "pth", "safetensors"];

    private readonly Argument<string> _model = ModelPath.Argument();

    private readonly Option<string?> _format = new("--format")
    {
        Description = "onnx: the generator, for ONNX Runtime and others; pth: weights for torch.load; safetensors: weights. By default " +
            "what --out ends in.",
        HelpName = string.Join('|', _formats),
    };

    private readonly Option<string> _out = new("--out") { Description = "The generator's file.", HelpName = "FILE", Required = true };

    private readonly Option<string?> _discriminator = new("--discriminator")
    {
        Description = "The discriminator's file, of pth and safetensors; without it, the generator alone is written.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _bytes = new("--byte-pixels")
    {
        Description = "Of onnx: the output is bytes, [batch, height, width, channels], not numbers in [-1, 1], [batch, channels, " +
            "height, width].",
    };

    public ExportCommand()
    {
        _format.AcceptOnlyFromAmong(_formats);
        Command = new Command("export", "Writes a model's networks for other programs.") { _model, _format, _out, _discriminator, _bytes };
    }

    public Command Command { get; }

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_out);
        string format = arguments.GetValue(_format)
            ?? _formats.FirstOrDefault(format => path.EndsWith("." + format, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"--out '{path}' does not end in a format's name: add --format {string.Join(" or ", _formats)}");
        string? discriminator = arguments.GetValue(_discriminator);
        bool bytes = arguments.GetValue(_bytes);
        if (format == "onnx" && discriminator != null)
            throw new UsageException("--discriminator is for pth and safetensors: onnx is the generator alone");
        if (format != "onnx" && bytes)
            throw new UsageException($"--byte-pixels is for onnx: {format} holds weights");

        using DcganTransformer gan = ModelPath.LoadGenerator(output.Context(), arguments.GetRequiredValue(_model));
        string[] files = discriminator == null ? [path] : [path, discriminator];
        foreach (string folder in files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!))
            Directory.CreateDirectory(folder);
        switch (format)
        {
            case "onnx":
                gan.ExportOnnx(path, new DcganOnnxOptions { BytePixels = bytes });
                break;
            case "pth":
                gan.ExportPyTorch(path, discriminator);
                break;
            case "safetensors":
                gan.ExportSafetensors(path, discriminator);
                break;
            default:
                throw new UnreachableException($"There is no export of {format}.");
        }
        foreach (string file in files)
            output.Line($"{file}   {ByteCount.Text(new FileInfo(file).Length)}");
        output.Result(new { Format = format, Files = files.Select(file => Path.GetFullPath(file)) });
        return ExitCode.Done;
    }
}
