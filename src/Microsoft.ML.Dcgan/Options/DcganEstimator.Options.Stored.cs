using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    public sealed partial record Options
    {
        /// <summary>The networks for images of this format.</summary>
        internal NetworkShape Shape(ImageFormat format) => new(format.Height, format.Width, format.Channels,
            NoiseSize, GeneratorFeatureMaps, DiscriminatorFeatureMaps, KernelSize)
        {
            NoiseDistribution = NoiseDistribution,
            Upsampling = Upsampling,
            DiscriminatorNormalization = DiscriminatorNormalization,
        };

        /// <summary>Those of the options that files hold.</summary>
        internal Options Stored()
        {
            var stored = new Options();
            foreach (FieldInfo field in typeof(Options).GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => !field.IsDefined(typeof(JsonIgnoreAttribute))))
                field.SetValue(stored, field.GetValue(this));
            return stored;
        }

        /// <summary>The same options, but for these networks.</summary>
        internal Options With(NetworkShape network) => this with
        {
            ImageHeight = network.Height,
            ImageWidth = network.Width,
            Channels = network.Channels,
            NoiseSize = network.NoiseSize,
            GeneratorFeatureMaps = network.GeneratorFeatureMaps,
            DiscriminatorFeatureMaps = network.DiscriminatorFeatureMaps,
            KernelSize = network.KernelSize,
            NoiseDistribution = network.NoiseDistribution,
            Upsampling = network.Upsampling,
            DiscriminatorNormalization = network.DiscriminatorNormalization,
        };

        /// <summary>The options that give a model of this description, as far as it tells.</summary>
        internal static Options Of(ModelDescription model)
        {
            Options options = model.Options.With(model.Network);
            return model.Generation is not { } generation ? options with { OutputColumnName = "Generated" } : options with
            {
                OutputColumnName = generation.OutputColumnName,
                NoiseColumnName = generation.NoiseColumnName,
                GenerationSeed = generation.Seed,
                GenerationBatchSize = generation.BatchSize,
                LabelColumnName = generation.Labels?.ColumnName,
            };
        }
    }
}
