using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed class RepositoryReader : Repository
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new();

    private RepositoryReader(Stream stream, IExceptionContext ectx)
        : base(ectx)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (Exception ex)
        {
            throw ectx.ExceptDecode(ex, "Failed to open a zip archive");
        }

        foreach (ZipArchiveEntry entry in _archive.Entries)
            _entries[Normalize(entry.FullName)] = entry;
    }

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx = null)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryReader(stream, ectx);
    }

    public Entry OpenEntry(string name) => OpenEntry(null, name);

    public Entry OpenEntry(string dir, string name)
        => OpenEntryOrNull(dir, name) ?? throw ExceptionContext.Except("Repository doesn't contain entry {0}", PathOf(dir, name));

    public Entry OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public Entry OpenEntryOrNull(string dir, string name)
    {
        string path = PathOf(dir, name);
        // A model written on Windows has the other separator.
        if (!_entries.TryGetValue(path, out ZipArchiveEntry entry) && !_entries.TryGetValue(path.Replace('/', '\\'), out entry))
            return null;

        ExceptionContext.CheckDecode(entry.Length <= Array.MaxLength, "Repository stream too large to read into memory");
        var stream = new MemoryStream((int)entry.Length);
        using (Stream source = entry.Open())
            source.CopyTo(stream);
        stream.Position = 0;
        return Open(path, stream);
    }

    protected override void OnClosed(Entry entry) => entry.Stream.Dispose();

    protected override void DisposeArchive() => _archive.Dispose();
}
