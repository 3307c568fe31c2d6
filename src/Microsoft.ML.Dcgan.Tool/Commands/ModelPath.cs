namespace Microsoft.ML.Dcgan.Tool.Commands;

internal static class ModelPath
{
    /// <exception cref="UsageException">There is no such file.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder, but a model zip is expected{(File.Exists(Path.Combine(path, "model.zip")) ? $", such as '{Path.Combine(path, "model.zip")}'" : "")}");
        if (!File.Exists(path))
            throw new UsageException($"there is no file '{path}'");
    }
}
