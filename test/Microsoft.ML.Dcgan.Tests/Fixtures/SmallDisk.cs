using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>A disk in memory that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string FillerName = "filler";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dcgan-disk-");

    public SmallDisk(int kilobytes)
    {
        bool isMounted = false;
        try
        {
            isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Checkout.Finish(Checkout.Start("mount",
                _folder.FullName, "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", _folder.FullName)).ExitCode == 0;
            Needs.That(isMounted, "the right to mount a disk, as root has it on Linux");
        }
        finally
        {
            if (!isMounted)
                _folder.Delete();
        }
    }

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string Folder => _folder.FullName;

    /// <summary>Fills it until so many bytes are left, or a few thousand more.</summary>
    public void LeaveRoom(long bytes)
    {
        File.Delete(this[FillerName]);
        using FileStream filler = File.Create(this[FillerName], bufferSize: 0);
        var zeros = new byte[1 << 10];
        try
        {
            while (true)
                filler.Write(zeros);
        }
        catch (IOException)
        {
            filler.SetLength(Math.Max(0, filler.Length - bytes));
        }
    }

    public void Empty() => File.Delete(this[FillerName]);

    public void Dispose()
    {
        Checkout.Run("umount", "/", _folder.FullName);
        _folder.Delete();
    }
}
