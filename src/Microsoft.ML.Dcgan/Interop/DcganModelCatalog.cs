using Microsoft.ML.Dcgan;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Interop;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Adds models of other programs to <see cref="ModelOperationsCatalog"/>.</summary>
public static class DcganModelCatalog
{
    /// <summary>
    /// Makes a <see cref="DcganTransformer"/> of weights that PyTorch's official DCGAN example saved, or this library
    /// exported: state dictionaries that <c>torch.save</c> wrote (.pth, PyTorch 1.6 and later), or safetensors. Which of the two a
    /// file is, it says itself. The networks' sizes are found from the weights' shapes. Of a .pth nothing is run: its
    /// pickle may name tensors and dictionaries and nothing else.
    /// </summary>
    /// <param name="catalog">The models' catalog.</param>
    /// <param name="generatorPath">The generator's weights.</param>
    /// <param name="discriminatorPath">The discriminator's weights; null if there are none. The model then generates, but its
    /// discriminator has random weights, from the MLContext's seed: <see cref="DcganTransformer.Featurizer"/> and
    /// <see cref="DcganTransformer.RealnessScorer"/> mean nothing before it is trained further.</param>
    /// <param name="options">What the files do not say; null for the defaults.</param>
    /// <exception cref="FormatException">A file is damaged, holds anything but weights, or those of other networks.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static DcganTransformer ImportDcgan(this ModelOperationsCatalog catalog, string generatorPath, string? discriminatorPath = null, DcganImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(generatorPath);
        options ??= new DcganImportOptions();
        ArgumentNullException.ThrowIfNull(options.Classes);
        return LibTorchErrors.InOneSentence("Importing a model", () => new DcganImport(EnvironmentBridge.Of(catalog), options).Read(generatorPath, discriminatorPath));
    }
}
