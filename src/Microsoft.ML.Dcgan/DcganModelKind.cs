namespace Microsoft.ML.Dcgan;

/// <summary>Which transformer a model file holds.</summary>
public enum DcganModelKind
{
    /// <summary>A <see cref="DcganTransformer"/>, with both networks.</summary>
    Generator,

    /// <summary>A <see cref="DcganFeaturizer"/>, with the discriminator.</summary>
    Featurizer,

    /// <summary>A <see cref="DcganRealnessScorer"/>, with the discriminator.</summary>
    RealnessScorer,
}
