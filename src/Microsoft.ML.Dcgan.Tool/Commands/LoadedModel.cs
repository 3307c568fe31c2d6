namespace Microsoft.ML.Dcgan.Tool.Commands;

internal static class LoadedModel
{
    /// <summary>The generator in a model zip, alone or in a chain, which the caller disposes.</summary>
    /// <exception cref="UsageException">There is no such file, or it holds no generator.</exception>
    /// <exception cref="FormatException">It is damaged, or no model.</exception>
    public static DcganTransformer Generator(MLContext ml, string path)
    {
        ModelPath.Check(path);
        // Tells more, and sooner, than ML.NET does of a file that is no model.
        DcganModelKind kind = DcganModelFile.Inspect(path)[^1].Kind;
        ITransformer model = ml.Model.Load(path, out _);
        return model as DcganTransformer ?? (model as IEnumerable<ITransformer>)?.OfType<DcganTransformer>().LastOrDefault()
            ?? throw new UsageException($"'{path}' is a {kind}, which generates no pictures");
    }
}
