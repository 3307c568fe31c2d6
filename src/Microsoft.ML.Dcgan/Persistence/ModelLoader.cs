using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using TorchSharp;

[assembly: ModelLoader<Microsoft.ML.Dcgan.Persistence.ModelLoader>]

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>What ML.NET calls to load one of this library's models.</summary>
internal sealed class ModelLoader : IModelLoader
{
    public static ITransformer Load(IHostEnvironment environment, Func<string, Action<Stream>, bool> read) =>
        LibTorchErrors.InOneSentence("Loading a model", () => Read(environment, read));

    private static ITransformer Read(IHostEnvironment environment, Func<string, Action<Stream>, bool> read)
    {
        torch.Device device = DeviceChoice.Choose(DcganDevice.Auto,
            EnvironmentBridge.GpuDeviceId(environment), EnvironmentBridge.FallbackToCpu(environment));
        ModelDescription description = ModelArchive.LoadDescription(read);
        NetworkShape shape = description.Network;
        return description.Kind switch
        {
            DcganModelKind.Featurizer => new DcganFeaturizer(Discriminator(), description),
            DcganModelKind.RealnessScorer => new DcganRealnessScorer(Discriminator(), description),
            _ => new DcganTransformer(ModelArchive.LoadNetworks(read, shape, () => new GanNetworks(shape, device, Precision())), description),
        };

        TrainedDiscriminator Discriminator() =>
            ModelArchive.LoadDiscriminator(read, shape, () => new TrainedDiscriminator(shape, device, Precision()));

        torch.ScalarType Precision()
        {
            using IChannel log = environment.Start("DCGAN loading");
            return PrecisionChoice.OfModel(description.Summary.Precision, device, warning => log.Warning(MessageSensitivity.None, "{0}", warning));
        }
    }
}
