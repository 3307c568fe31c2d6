using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class ExportCommand : IToolCommand
{
    private const string Generator = "generator";

    private static readonly string[] _formats = ["onnx", "pth", "safetensors"];

    private static readonly Dictionary<string, Action<DcganTransformer, string, DcganOnnxOptions>> _networks = new()
    {
        [Generator] = (gan, path, options) => gan.ExportOnnx(path, options),
        ["featurizer"] = (gan, path, options) =>
        {
            using DcganFeaturizer featurizer = gan.Featurizer();
            featurizer.ExportOnnx(path, options);
        },
        ["scorer"] = (gan, path, options) =>
        {
            using DcganRealnessScorer scorer = gan.RealnessScorer();
            scorer.ExportOnnx(path, options);
        },
    };

    private readonly Argument<string> _model = ModelPath.Argument();

    private readonly Option<string?> _format = new("--format")
    {
        Description = "onnx: a network, for ONNX Runtime and others; pth: weights for torch.load; safetensors: weights. By default " +
            "what --out ends in.",
        HelpName = string.Join('|', _formats),
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The file, of weights the generator's.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _network = new("--network")
    {
        Description = "Of onnx: generator (the default); of the discriminator featurizer, pictures to what it sees in them, or scorer, " +
            "pictures to how real it holds them to be, from 0 to 1.",
        HelpName = string.Join('|', _networks.Keys),
    };

    private readonly Option<string?> _discriminator = new("--discriminator")
    {
        Description = "The discriminator's file, of pth and safetensors; without it, the generator alone is written.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _bytes = new("--byte-pixels")
    {
        Description = "Of onnx: pictures are bytes, [batch, height, width, channels], not numbers in [-1, 1], [batch, channels, " +
            "height, width].",
    };

    public ExportCommand()
    {
        _format.AcceptOnlyFromAmong(_formats);
        _network.AcceptOnlyFromAmong([.. _networks.Keys]);
        Command = new Command("export", "Writes a model's networks for other programs.")
        {
            _model, _format, _out, _network, _discriminator, _bytes,
        };
    }

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan export run/model.zip --out generator.onnx",
        "dcgan export run/model.zip --out generator.pth --discriminator discriminator.pth",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_out);
        string format = arguments.GetValue(_format)
            ?? _formats.FirstOrDefault(format => path.EndsWith("." + format, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"--out '{path}' does not end in a format's name: add --format {string.Join(" or ", _formats)}");
        string? discriminator = arguments.GetValue(_discriminator);
        string? network = arguments.GetValue(_network);
        bool bytes = arguments.GetValue(_bytes);
        if (format == "onnx" && discriminator != null)
        {
            throw new UsageException("--discriminator is for pth and safetensors: an onnx file of the discriminator is what " +
                "--network featurizer or scorer makes");
        }
        if (format != "onnx" && network != null)
            throw new UsageException($"--network is for onnx: {format} has the discriminator's weights in the file of --discriminator");
        if (format != "onnx" && bytes)
            throw new UsageException($"--byte-pixels is for onnx: {format} holds weights");

        using DcganTransformer gan = ModelPath.LoadGenerator(output.Context(), arguments.GetRequiredValue(_model));
        string[] files = discriminator == null ? [path] : [path, discriminator];
        foreach (string folder in files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!))
            Directory.CreateDirectory(folder);
        switch (format)
        {
            case "onnx":
                _networks[network ?? Generator](gan, path, new DcganOnnxOptions { BytePixels = bytes });
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
