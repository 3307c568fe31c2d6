using System;
using System.IO;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>Files that are there whole or not at all: an older file of that name stays as it is until the new one is complete.</summary>
internal static class WholeFile
{
    public const string PartialExtension = ".partial";

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string partial = path + PartialExtension;
        try
        {
            using (FileStream file = File.Create(partial))
                file.Write(content);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
