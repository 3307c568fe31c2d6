#if DCGAN_TOOL // It compiles this file too, as it uses the library's public API alone.
using System.Globalization;

namespace Microsoft.ML.Dcgan.Tool;
#else
namespace Microsoft.ML.Dcgan.Storage;
#endif

/// <summary>Files that are there whole or not at all: an older file of that name stays as it is until the new one is complete.</summary>
internal static class AtomicFile
{
    public const string PartialExtension = ".partial";

    private const int NoSpaceOnUnix = 28, NoQuotaOnUnix = 122, NoSpaceOnWindows = 112;

    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string partial = path + PartialExtension;
        try
        {
            using (FileStream file = File.Create(partial))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception failure)
        {
            File.Delete(partial);
            if (failure is IOException && (failure.HResult & 0xFFFF) is NoSpaceOnUnix or NoQuotaOnUnix or NoSpaceOnWindows)
                throw new IOException($"There is no room for '{path}'.{FreeSpace(path)} What was there before is as it was.", failure);
            throw;
        }
    }

    /// <summary>" 1,234 bytes are free on its disk.", to end a message with, or nothing where that cannot be known.</summary>
    public static string FreeSpace(string path)
    {
        try
        {
            long free = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
            return string.Create(CultureInfo.InvariantCulture, $" {free:N0} bytes are free on its disk.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It is gone, or is of a network.
            return "";
        }
    }
}
