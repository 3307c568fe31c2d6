using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>Makes a model of files of weights.</summary>
internal sealed class DcganImport(IHostEnvironment environment, DcganImportOptions options)
{
    /// <inheritdoc cref="DcganModelCatalog.ImportDcgan"/>
    public DcganTransformer Read(string generatorPath, string? discriminatorPath)
    {
        using IChannel log = environment.Start("DCGAN import");
        torch.Device device = DeviceSelection.Choose(options.Device, EnvironmentBridge.GpuDeviceId(environment), EnvironmentBridge.FallbackToCpu(environment));
        using IWeightsFile generatorFile = WeightsFile.Open(generatorPath);
        using IWeightsFile? discriminatorFile = discriminatorPath == null ? null : WeightsFile.Open(discriminatorPath);
        var generator = new NetworkTensors(generatorFile);
        NetworkTensors? discriminator = discriminatorFile == null ? null : new NetworkTensors(discriminatorFile);

        NetworkShape shape = ImportedShape.Of(generator, discriminator, options);
        CheckRanges(shape, generator);
        generator.RequireCount(shape.GeneratorParameters + shape.GeneratorStatistics - shape.Halvings);
        discriminator?.RequireCount(shape.DiscriminatorParameters + shape.DiscriminatorStatistics - BatchCounts(shape));
        if (discriminator == null)
            log.Warning(MessageSensitivity.None, "There is no discriminator: that of the model has random weights. It generates all the same; features and realness mean nothing before it is trained further.");

        int seed = EnvironmentBridge.Seed(environment) ?? Random.Shared.Next();
        ScalarType precision = PrecisionChoice.Choose(options.Precision, device);
        var networks = new GanNetworks(shape, device, precision);
        try
        {
            using var random = new SeededRandom(seed);
            networks.Initialize(random.At(RandomPurpose.Weights));
            generator.CopyTo(networks.Generator);
            discriminator?.CopyTo(networks.Discriminator);
            networks.Generator.eval();
            networks.Discriminator.eval();
            return new DcganTransformer(networks, Description(shape, seed, device, precision, Path.GetFileName(generatorPath)));
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    private ModelDescription Description(NetworkShape shape, int seed, torch.Device device, ScalarType precision, string source) => new()
    {
        Kind = DcganModelKind.Generator,
        Network = shape,
        Generation = new GenerationDescription(options.OutputColumnName, options.NoiseColumnName, options.GenerationSeed, options.GenerationBatchSize,
            shape.Classes == 0 ? null : new LabelDescription(options.LabelColumnName, DataKind.String, [.. options.Classes])),
        // No training: that is what these say.
        Options = new DcganEstimator.Options
        {
            Epochs = 0, BatchSize = 0, LearningRate = 0, Beta1 = 0, Beta2 = 0, Seed = seed, ProgressInterval = 0, HealthInterval = 0, Precision = options.Precision,
        },
        Summary = new TrainingSummary
        {
            Images = 0,
            Epochs = 0,
            BatchSize = 0,
            Steps = 0,
            PlannedSteps = 0,
            Seed = seed,
            Device = device.ToString(),
            Precision = PrecisionChoice.Name(precision),
            Duration = TimeSpan.Zero,
            Cancelled = false,
            History = [],
            ImportedFrom = source,
        },
    };

    // What the estimator would not have accepted, no file may bring in either.
    private void CheckRanges(NetworkShape shape, NetworkTensors generator)
    {
        var training = new DcganEstimator.Options
        {
            OutputColumnName = options.OutputColumnName,
            NoiseColumnName = options.NoiseColumnName,
            LabelColumnName = shape.Classes > 0 ? options.LabelColumnName : null,
            NoiseDistribution = options.NoiseDistribution,
            Precision = options.Precision,
            Device = options.Device,
            GenerationBatchSize = options.GenerationBatchSize,
        };
        _ = training.Validated();
        if (shape.Classes > NetworkShape.MostClasses)
            throw new ArgumentOutOfRangeException(nameof(DcganImportOptions.Classes), $"{nameof(DcganImportOptions.Classes)} has {shape.Classes} classes, but at most {NetworkShape.MostClasses} are possible.");
        training.ImageHeight = shape.Height;
        training.ImageWidth = shape.Width;
        training.Channels = shape.Channels;
        training.NoiseSize = shape.NoiseSize;
        training.GeneratorFeatureMaps = shape.GeneratorFeatureMaps;
        training.DiscriminatorFeatureMaps = shape.DiscriminatorFeatureMaps;
        try
        {
            _ = training.Validated();
        }
        catch (ArgumentOutOfRangeException failure)
        {
            throw new FormatException(generator.Unfit("does not fit").Message + " " + failure.Message, failure);
        }
    }

    private static int BatchCounts(NetworkShape shape) => shape.DiscriminatorNormalization == DcganNormalization.Batch ? shape.Halvings - 1 : 0;
}

/// <summary>
/// The networks that a file's tensors are of, found from their shapes. Everything that the shapes leave open comes from the
/// options: where a kernel fits two sizes of images, the even one is taken unless they say otherwise.
/// </summary>
internal static class ImportedShape
{
    private const int LargestBaseSide = 7;

    /// <param name="generator">The generator's tensors.</param>
    /// <param name="discriminator">The discriminator's, or null.</param>
    /// <param name="options">What the import was told.</param>
    /// <exception cref="FormatException">They are no such networks.</exception>
    public static NetworkShape Of(NetworkTensors generator, NetworkTensors? discriminator, DcganImportOptions options)
    {
        IReadOnlyList<long[]> kernels = generator.GeneratorKernels();
        long[] first = kernels[0];
        bool resizes = Resizes(kernels);
        long[] last = kernels[^1];
        int kernel = kernels.Skip(1).Any(shape => shape[2] == 5 || shape[3] == 5) ? 5 : 4;
        if (first[2] is < 1 or > LargestBaseSide || first[3] is < 1 or > LargestBaseSide || kernels.Count > 11)
            throw generator.Unfit($"starts from {first[2]}x{first[3]} in {kernels.Count} layers");

        bool open = resizes || kernel == 5;
        int height = Side(2, options.ImageHeight), width = Side(3, options.ImageWidth);
        long noise = first[0] - options.Classes.Count, maps = resizes ? last[1] : last[0], channels = resizes ? last[0] : last[1];
        var shape = new NetworkShape(height, width, Small(channels), Small(noise), Small(maps), Small(maps), kernel)
        {
            Classes = options.Classes.Count,
            NoiseDistribution = options.NoiseDistribution,
            Upsampling = resizes ? DcganUpsampling.ResizeConvolution : DcganUpsampling.TransposedConvolution,
        };
        if (shape.Halvings != kernels.Count - 1 || shape.Base != (first[2], first[3]))
            throw generator.Unfit($"makes images of {height}x{width} from {first[2]}x{first[3]} in {kernels.Count - 1} doublings, where this library has {shape.Base.Height}x{shape.Base.Width} in {shape.Halvings}");
        return discriminator == null ? shape : With(discriminator, shape);

        int Side(int axis, int? wanted)
        {
            long side = first[axis];
            foreach (long[] layer in kernels.Skip(1))
                side = !open && layer[axis] == 3 ? 2 * side - 1 : 2 * side;
            // Of all sizes that halve to the same, this is the largest.
            return open && wanted is int known && known <= side ? known : (int)side;
        }
    }

    private static NetworkShape With(NetworkTensors discriminator, NetworkShape shape)
    {
        DcganNormalization normalization = discriminator.Has("main.0.weight_u") ? DcganNormalization.Spectral
            : shape.Halvings == 1 || discriminator.Has("main.3.running_mean") ? DcganNormalization.Batch
            : DcganNormalization.None;
        int last = normalization == DcganNormalization.Batch ? 3 * shape.Halvings - 1 : 2 * shape.Halvings;
        if (discriminator.Require($"main.{last}.weight", 4)[0] - 1 is var classes && classes != shape.Classes)
            throw discriminator.Unfit($"tells {classes} classes apart, but {nameof(DcganImportOptions.Classes)} has {shape.Classes}. Set it to what it was trained on. As it stands");
        return shape with
        {
            DiscriminatorFeatureMaps = Small(discriminator.Require("main.0.weight", 4)[0]),
            DiscriminatorNormalization = normalization,
        };
    }

    private static bool Resizes(IReadOnlyList<long[]> kernels)
    {
        // A transposed convolution's weights have its inputs first, any other's its outputs.
        long maps = kernels[0][1];
        bool transposed = true;
        foreach (long[] kernel in kernels.Skip(1))
        {
            transposed &= kernel[0] == maps;
            maps = kernel[1];
        }
        return !transposed;
    }

    private static int Small(long size) => (int)Math.Min(size, int.MaxValue);
}
