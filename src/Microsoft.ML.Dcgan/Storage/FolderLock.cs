#if DCGAN_TOOL // It compiles this file too, as it uses the library's public API alone.
namespace Microsoft.ML.Dcgan.Tool;
#else
namespace Microsoft.ML.Dcgan.Storage;
#endif

/// <summary>A folder for one at a time to write to, in this process or another. A process lets go of it however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    public const string FileName = ".lock";
    private readonly FileStream _file;

    /// <exception cref="InvalidOperationException">Somebody else has it.</exception>
    /// <exception cref="IOException">It cannot be written to.</exception>
    public FolderLock(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new InvalidOperationException($"Another training writes to '{folder}' now. Wait until it ends, or name another folder.");
        }
    }

    public void Dispose() => _file.Dispose();
}
