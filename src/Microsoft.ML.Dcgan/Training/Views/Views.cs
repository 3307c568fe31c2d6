namespace Microsoft.ML.Dcgan.Training;

/// <summary>From the options to the views, in the order in which they apply.</summary>
internal static class Views
{
    /// <summary>Of real images.</summary>
    public static IReadOnlyList<IView> OfReal(TrainingSettings settings) =>
        settings.Mirror ? [new Mirroring(), .. OfGenerated(settings)] : OfGenerated(settings);

    /// <summary>Of generated images.</summary>
    public static IReadOnlyList<IView> OfGenerated(TrainingSettings settings)
    {
        var views = new List<IView>();
        if (settings.Augmentation.HasFlag(DcganAugmentation.Color))
            views.Add(new ColorChange());
        if (settings.Augmentation.HasFlag(DcganAugmentation.Translation))
            views.Add(new Translation());
        if (settings.Augmentation.HasFlag(DcganAugmentation.Cutout))
            views.Add(new Cutout());
        if (settings.InstanceNoise > 0)
            views.Add(new InstanceNoise(settings.InstanceNoise, settings.InstanceNoiseDecay));
        return views;
    }
}
