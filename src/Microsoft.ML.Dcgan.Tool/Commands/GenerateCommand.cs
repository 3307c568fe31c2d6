using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class GenerateCommand : IToolCommand
{
    private readonly Argument<string> _model = ModelPath.Argument();

    private readonly Option<int> _count = new("--count")
    {
        Description = "How many pictures.",
        HelpName = "N",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        DefaultValueFactory = _ => 0,
        Description = "Of the noise: the same seed makes the same pictures, and more of them go on from there.",
        HelpName = "N",
    };

    private readonly Option<string?> _label = new("--label")
    {
        Description = "The class to make pictures of; without it, classes take turns.",
        HelpName = "CLASS",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "A folder for 00000.png, 00001.png, ..., or a PNG file for one picture or a grid.",
        HelpName = "DIR|FILE.png",
        Required = true,
    };

    private readonly Option<bool> _grid = new("--grid") { Description = "All pictures side by side in one file." };

    public GenerateCommand() =>
        Command = new Command("generate", "Makes pictures with a model.") { _model, _count, _seed, _label, _out, _grid };

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan generate run/model.zip --out pictures               64 files",
        "dcgan generate run/model.zip --out grid.png --grid        one picture of 64",
        "dcgan generate run/model.zip --out one.png --count 1 --seed 7",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        int count = arguments.GetValue(_count), seed = arguments.GetValue(_seed);
        string path = arguments.GetRequiredValue(_out);
        bool isFile = Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase), isGrid = arguments.GetValue(_grid);
        if (count < 1)
            throw new UsageException($"--count takes a whole number from 1 up, not {count}");
        if (PictureFolder.IsPicture(path) && !isFile && !Directory.Exists(path))
            throw new UsageException($"--out '{path}': pictures are written as PNG, so name a file that ends in .png, or a folder");
        if (isGrid && !isFile)
            throw new UsageException($"--grid makes one picture, but --out '{path}' is no PNG file's name");
        if (isFile && !isGrid && count > 1)
            throw new UsageException($"--out '{path}' is one file, for {count} pictures: add --grid, or name a folder");

        MLContext ml = output.Context();
        using DcganTransformer gan = ModelPath.LoadGenerator(ml, arguments.GetRequiredValue(_model));
        string? label = arguments.GetValue(_label);
        if (label != null && gan.Classes.Count == 0)
            throw new UsageException($"--label is '{label}', but the model knows no classes: it was trained without them");
        // Of several processes each makes a part of the files; one file is made by the first.
        (int first, int own) = isFile ? (0, Ranks.IsRoot ? count : 0) : Ranks.PartOf(count);
        try
        {
            new LongJob(output).Run("generating", report =>
            {
                var pictures = new GeneratedPictures(gan, (from, some) => gan.DrawNoise(some, seed, from), label, first, own,
                    report, cancellation);
                if (!isFile)
                    pictures.SaveIn(path);
                else if (own > 0)
                    pictures.SaveAs(path);
                return own;
            });
        }
        catch (ArgumentOutOfRangeException wrong) when (wrong.ParamName == "label")
        {
            throw new UsageException(ErrorMessage.Of(wrong).TrimEnd('.'));
        }
        DcganMpi.Wait();
        string[] files = isFile ? [path] : [.. Enumerable.Range(0, count).Select(number => GeneratedPictures.FileOf(path, number))];
        output.Line(isFile ? path
            : count == 1 ? $"{path}: 1 picture, {Path.GetFileName(files[0])}"
            : $"{path}: {count} pictures, {Path.GetFileName(files[0])} to {Path.GetFileName(files[^1])}");
        if (!isFile && Directory.EnumerateFiles(path).Count(PictureFolder.IsPicture) - count is > 0 and int others)
            output.Note($"'{path}' has {Count.Of(others, "other picture")}, of before");
        output.Result(new { Count = count, Seed = seed, Label = label, Width = gan.ImageWidth, Height = gan.ImageHeight, Files = files });
        return ExitCode.Done;
    }
}
