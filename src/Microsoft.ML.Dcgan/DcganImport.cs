using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Interop;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan;

/// <summary>Makes a model of files of weights.</summary>
internal sealed class DcganImport(IHostEnvironment environment, DcganImportOptions options)
{
    public DcganTransformer Read(string generatorPath, string? discriminatorPath)
    {
        using IChannel log = environment.Start("DCGAN import");
        torch.Device device = DcganModel.ChooseDevice(options.Device, environment);
        using WeightsFile generatorFile = WeightsFile.Open(generatorPath);
        using WeightsFile? discriminatorFile = discriminatorPath == null ? null : WeightsFile.Open(discriminatorPath);
        var generator = new NetworkTensors(generatorFile);
        NetworkTensors? discriminator = discriminatorFile == null ? null : new NetworkTensors(discriminatorFile);

        NetworkShape shape = ImportedShape.Recognize(generator, discriminator, options);
        DcganEstimator.Options training = Checked(shape, generator);
        generator.RequireMatch(Layers.Generator(shape));
        discriminator?.RequireMatch(Layers.Discriminator(shape));
        if (discriminator == null)
        {
            log.Warning(MessageSensitivity.None, "There is no discriminator: that of the model has random weights. "
                + "It generates all the same; features and realness mean nothing before it is trained further.");
        }

        int seed = EnvironmentBridge.Seed(environment) ?? Random.Shared.Next();
        ScalarType precision = PrecisionChoice.Choose(options.Precision, device);
        return Ownership.HandOver(new GanNetworks(shape, device, precision), networks =>
        {
            using var random = new SeededRandom(seed);
            networks.Initialize(random.At(RandomPurpose.Weights));
            generator.CopyTo(networks.Generator);
            discriminator?.CopyTo(networks.Discriminator);
            networks.Generator.eval();
            networks.Discriminator.eval();
            // No training: that is what the summary's zeros say.
            return new DcganTransformer(networks, ModelDescription.OfGenerator(shape, training with { Seed = seed },
                shape.Classes == 0 ? null : new LabelDescription(options.LabelColumnName, DataKind.String, [.. options.Classes]),
                new TrainingSummary
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
                    ImportedFrom = Path.GetFileName(generatorPath),
                }));
        });
    }

    // What the estimator would not have accepted, no file may bring in either.
    private DcganEstimator.Options Checked(NetworkShape shape, NetworkTensors generator)
    {
        var training = new DcganEstimator.Options
        {
            OutputColumnName = options.OutputColumnName,
            NoiseColumnName = options.NoiseColumnName,
            LabelColumnName = shape.Classes > 0 ? options.LabelColumnName : null,
            NoiseDistribution = options.NoiseDistribution,
            Precision = options.Precision,
            Device = options.Device,
            GenerationSeed = options.GenerationSeed,
            GenerationBatchSize = options.GenerationBatchSize,
        };
        _ = training.Validated();
        if (shape.Classes > NetworkShape.MostClasses)
        {
            throw new ArgumentOutOfRangeException(nameof(DcganImportOptions.Classes),
                $"{nameof(DcganImportOptions.Classes)} has {shape.Classes} classes, but at most {NetworkShape.MostClasses} are possible.");
        }
        try
        {
            return shape.ApplyTo(training).Validated();
        }
        catch (ArgumentOutOfRangeException failure)
        {
            throw new FormatException(generator.Unfit("does not fit").Message + " " + failure.Message, failure);
        }
    }
}
