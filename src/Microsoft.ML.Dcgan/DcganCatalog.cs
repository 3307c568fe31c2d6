using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Interop;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan;

/// <summary>Adds DCGANs to <see cref="MLContext"/>: image generators, trained in a pipeline or from other programs.</summary>
public static class DcganCatalog
{
    /// <summary>Creates a <see cref="DcganEstimator"/>, which trains a <see cref="DcganTransformer"/>: noise in, images out.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of generated images that the transformer adds.</param>
    /// <param name="noiseColumnName">The column of noise, vectors of <see cref="float"/> of size <paramref name="noiseSize"/>, that the
    /// transformer reads; where there is none it draws its own. Training does not read it.</param>
    /// <param name="imageColumnName">The column to train on: images of one size, or vectors of pixels in [-1, 1], planes first.</param>
    /// <param name="epochs">How often each image is trained on, 1 or more; 0: until it gets no better.</param>
    /// <param name="batchSize">Images in a minibatch, 1 or more.</param>
    /// <param name="noiseSize">Numbers in a noise vector, 1 or more; 100 is the paper's.</param>
    /// <param name="featureMaps">Feature maps next to the image, in both networks, 1 or more; 64 is the common choice.</param>
    /// <param name="seed">Seeds everything random; null takes the MLContext's seed or, without one, a random one.</param>
    /// <param name="labelColumnName">A column of keys with each image's class, as <c>MapValueToKey</c> makes them; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static DcganEstimator Dcgan(this TransformsCatalog catalog,
        string outputColumnName,
        string noiseColumnName = DcganEstimator.Defaults.NoiseColumnName,
        string imageColumnName = DcganEstimator.Defaults.ImageColumnName,
        int epochs = DcganEstimator.Defaults.Epochs,
        int batchSize = DcganEstimator.Defaults.BatchSize,
        int noiseSize = DcganEstimator.Defaults.NoiseSize,
        int featureMaps = DcganEstimator.Defaults.FeatureMaps,
        int? seed = null,
        string? labelColumnName = null) =>
        Dcgan(catalog, new DcganEstimator.Options
        {
            OutputColumnName = outputColumnName,
            NoiseColumnName = noiseColumnName,
            ImageColumnName = imageColumnName,
            Epochs = epochs,
            BatchSize = batchSize,
            NoiseSize = noiseSize,
            GeneratorFeatureMaps = featureMaps,
            DiscriminatorFeatureMaps = featureMaps,
            Seed = seed,
            LabelColumnName = labelColumnName,
        });

    /// <summary>Creates a <see cref="DcganEstimator"/> with all its options.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The options; they are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static DcganEstimator Dcgan(this TransformsCatalog catalog, DcganEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new DcganEstimator(EnvironmentBridge.Of(catalog), options);
    }

    /// <summary>Adds a column with the pictures of files, as viewers show them: turned as the camera was held (EXIF), with a background
    /// behind what is transparent, and whole. Otherwise it is as <c>LoadImages</c>, which turns none, has black behind them, and takes a
    /// file that is cut short for one that ends in black. PNG, JPEG, GIF (its first frame), BMP and WebP are read.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of images that is added, each as large as its file has it.</param>
    /// <param name="imageFolder">The folder in which paths start that are not whole; null for the current one.</param>
    /// <param name="inputColumnName">The column of paths, or of vectors of Byte, each all that is in a file (from a database, an
    /// archive, an upload); null for that of the output's name.</param>
    /// <param name="background">The colour behind what is transparent: #RRGGBB. Default: white. A warning counts such pictures.</param>
    /// <param name="imageWidth">Pictures are made to fill this width and height, and cut to them around the middle, as
    /// <c>ResizeImages</c> does; of large JPEG and WebP files only as much is decoded as that takes. Null: they keep their size.</param>
    /// <param name="imageHeight">With the width.</param>
    /// <returns>An estimator whose transformer, which needs no training, is saved and loaded with a chain. Reading a row whose file is
    /// missing, no picture, or not all of one throws an <see cref="InvalidOperationException"/> or <see cref="IOException"/> that names
    /// the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The background is no colour, a column's name is empty, or a side is below 1 or given
    /// without the other.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IEstimator<ITransformer> LoadDcganImages(this TransformsCatalog catalog, string outputColumnName,
        string? imageFolder = null, string? inputColumnName = null, string background = "#FFFFFF", int? imageWidth = null,
        int? imageHeight = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(background);
        if (!string.IsNullOrEmpty(imageFolder) && !Directory.Exists(imageFolder))
            throw new DirectoryNotFoundException($"imageFolder is '{imageFolder}', but there is no such folder.");
        var description = new ImageLoaderDescription(outputColumnName, inputColumnName ?? outputColumnName,
            string.IsNullOrEmpty(imageFolder) ? null : Path.GetFullPath(imageFolder), background, imageWidth, imageHeight);
        return new DcganImageLoadingEstimator(new DcganImageLoader(EnvironmentBridge.Of(catalog), description));
    }

    /// <summary>Makes a <see cref="DcganTransformer"/> of weights that PyTorch's official DCGAN example saved, or this library exported:
    /// state dictionaries of <c>torch.save</c> (.pth, PyTorch 1.6 and later), or safetensors; a file itself says which. The networks' sizes
    /// are found from the weights' shapes. Of a .pth nothing is run: its pickle may name tensors and dictionaries alone.</summary>
    /// <param name="catalog">The models' catalog.</param>
    /// <param name="generatorPath">The generator's weights.</param>
    /// <param name="discriminatorPath">The discriminator's weights; null: random ones, whose features and realness mean nothing.</param>
    /// <param name="options">What the files do not say; null for the defaults.</param>
    /// <exception cref="FormatException">A file is damaged, holds anything but weights, or those of other networks.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static DcganTransformer ImportDcgan(this ModelOperationsCatalog catalog, string generatorPath, string? discriminatorPath = null,
        DcganImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(generatorPath);
        options ??= new DcganImportOptions();
        ArgumentNullException.ThrowIfNull(options.Classes);
        return LibTorchErrors.InOneSentence("Importing a model",
            () => new DcganImport(EnvironmentBridge.Of(catalog), options).Read(generatorPath, discriminatorPath));
    }
}
