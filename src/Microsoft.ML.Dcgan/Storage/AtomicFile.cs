namespace Microsoft.ML.Dcgan.Storage;

/// <summary>Files that are there whole or not at all: an older file of that name stays as it is until the new one is complete.</summary>
internal static class AtomicFile
{
    public const string PartialExtension = ".partial";

    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    public static void Write(string path, Action<FileStream> write)
    {
        string partial = path + PartialExtension;
        try
        {
            using (FileStream file = File.Create(partial))
                write(file);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
