#if DCGAN_TOOL // It compiles this file too, as it uses the library's public API alone.
namespace Microsoft.ML.Dcgan.Tool;
#else
namespace Microsoft.ML.Dcgan.Storage;
#endif

/// <summary>Files that are there whole or not at all: an older file of that name stays as it is until the new one is complete.</summary>
internal static class AtomicFile
{
    public const string PartialExtension = ".partial";

    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    public static void Write(string path, Action<FileStream> write) => WriteAs(path, path + PartialExtension, partial =>
    {
        using FileStream file = File.Create(partial);
        write(file);
    });

    /// <summary>The same, for what writes a file of a name that has the path's ending.</summary>
    public static void WriteNamed(string path, Action<string> write) =>
        WriteAs(path, path + PartialExtension + Path.GetExtension(path), write);

    private static void WriteAs(string path, string partial, Action<string> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            write(partial);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
