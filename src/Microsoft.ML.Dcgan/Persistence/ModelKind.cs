namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>Which transformer a model file holds.</summary>
internal enum ModelKind
{
    /// <summary>A <see cref="DcganTransformer"/>, with both networks.</summary>
    Generator,

    /// <summary>A <see cref="DcganFeaturizer"/>, with the discriminator.</summary>
    Featurizer,

    /// <summary>A <see cref="DcganRealnessScorer"/>, with the discriminator.</summary>
    RealnessScorer,
}
