using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Options;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tool.Training;

/// <summary>What a training would do: its options, its length, and its networks, layer by layer.</summary>
internal static class DryRun
{
    private const int MostClasses = 10;

    public static void Print(RunFile run, IReadOnlyList<Picture> pictures, CommandOutput output)
    {
        DcganEstimator.Options options = run.ToOptions();
        IEnumerable<string> labels = run.LabelFromFolder ? pictures.Select(picture => picture.Label) : [];
        string[] classes = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        int batch = Math.Min(options.BatchSize, pictures.Count);
        long? steps = options.Epochs > 0 ? ((long)options.Epochs * pictures.Count + batch - 1) / batch : null;
        ILookup<string, DcganLayer> networks =
            new MLContext().Transforms.Dcgan(options).Layers(classes.Length).ToLookup(layer => layer.Network);

        output.Line(FormattableString.Invariant($"{Count.Of(pictures.Count, "picture")} of {run.Width}x{run.Height}x{options.Channels}, ")
            + (steps is { } number ? FormattableString.Invariant($"{number:N0} ") : "") + $"minibatches of {batch}, {Length(options)}");
        if (classes.Length > 0)
            output.Line(Classes(pictures));
        output.Line();
        foreach (TrainingOption field in TrainingOptions.Fields)
            output.Line($"{field.Name,-32} {field.Text(options) ?? "-"}");
        foreach (IGrouping<string, DcganLayer> network in networks)
            Print(network.Key, [.. network], output);
        output.Result(new
        {
            Pictures = pictures.Count,
            run.Width,
            run.Height,
            options.Channels,
            Classes = classes,
            Steps = steps,
            Options = RunFile.TextOf(options),
            Generator = Described([.. networks["generator"]]),
            Discriminator = Described([.. networks["discriminator"]]),
        });
    }

    /// <summary>Refuses what cannot fit: the feature maps of one minibatch in both networks, without gradients and all else.</summary>
    /// <exception cref="UsageException">They alone take more than the machine has.</exception>
    public static void RequireMemory(DcganEstimator.Options options, int pictures)
    {
        long batch = Math.Min(options.BatchSize, pictures), there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        double needed = new MLContext().Transforms.Dcgan(options).Layers(options.LabelColumnName != null ? 2 : 0)
            .Sum(layer => (double)layer.Maps * layer.Height * layer.Width) * batch * sizeof(float);
        if (options.Device != DcganDevice.Cuda && needed > there)
        {
            throw new UsageException(FormattableString.Invariant($"a minibatch of {batch} pictures of {options.ImageWidth}x{options.ImageHeight} ") +
                FormattableString.Invariant($"takes {needed / 1e9:0} GB at least, but there are {there / 1e9:0} GB: ") +
                "a smaller --size or --batch-size takes less");
        }
    }

    public static string Length(DcganEstimator.Options options) => options.Epochs switch
    {
        0 => "until it gets no better",
        1 => "1 epoch",
        int epochs => $"{epochs} epochs",
    };

    /// <summary>The classes that pictures are of, with how many are of each.</summary>
    public static string Classes(IReadOnlyList<Picture> pictures)
    {
        var classes = pictures.CountBy(picture => picture.Label).OrderBy(known => known.Key, StringComparer.Ordinal).ToArray();
        IEnumerable<string> first = classes.Take(MostClasses).Select(known => FormattableString.Invariant($"{known.Key} ({known.Value:N0})"));
        return $"{Count.Of(classes.Length, "class", "classes")}: {string.Join(", ", first)}{(classes.Length > MostClasses ? ", ..." : "")}";
    }

    private static void Print(string network, IReadOnlyList<DcganLayer> layers, CommandOutput output)
    {
        (string Name, string Kind, string Size, string Parameters)[] rows =
        [
            (network, "layer", "output", "parameters"),
            .. layers.Select(layer => (layer.Name, layer.Description, Size(layer), Number(layer.Parameters))),
            ("", "", "", Number(layers.Sum(layer => layer.Parameters))),
        ];
        int names = rows.Max(row => row.Name.Length), kinds = rows.Max(row => row.Kind.Length);
        int sizes = rows.Max(row => row.Size.Length), numbers = rows.Max(row => row.Parameters.Length);
        output.Line();
        foreach ((string name, string kind, string size, string parameters) in rows)
            output.Line($"{name.PadRight(names)}  {kind.PadRight(kinds)}  {size.PadLeft(sizes)}  {parameters.PadLeft(numbers)}");
    }

    private static object Described(IReadOnlyList<DcganLayer> layers) => new
    {
        Parameters = layers.Sum(layer => layer.Parameters),
        Layers = layers.Select(layer => new
        {
            layer.Name,
            Kind = layer.Description,
            Output = new[] { layer.Maps, layer.Height, layer.Width },
            layer.Parameters,
        }),
    };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(DcganLayer layer) => $"{layer.Maps}x{layer.Height}x{layer.Width}";
}
