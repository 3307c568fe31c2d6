using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Writes entries in the order in which they are closed.</summary>
internal sealed class RepositoryWriter : Repository
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _paths = new();
    private readonly Queue<Entry> _closed = new();

    private RepositoryWriter(Stream stream, IExceptionContext ectx)
        : base(ectx)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
    }

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext ectx = null)
    {
        ectx.CheckValue(stream, nameof(stream));
        var repository = new RepositoryWriter(stream, ectx);
        using Entry entry = repository.CreateEntry("TrainingInfo", "Version.txt");
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        writer.WriteLine(typeof(RepositoryWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion);
        return repository;
    }

    public Entry CreateEntry(string name) => CreateEntry(null, name);

    public Entry CreateEntry(string dir, string name)
    {
        Flush();
        string path = PathOf(dir, name);
        if (!_paths.Add(path))
            throw ExceptionContext.ExceptParam(nameof(name), "Duplicate entry: '{0}'", path);
        return Open(path, new MemoryStream());
    }

    /// <summary>Writes what is not written yet, and closes the repository. Without it the archive is incomplete.</summary>
    public void Commit()
    {
        CloseEntries();
        Flush();
        Dispose();
    }

    protected override void OnClosed(Entry entry) => _closed.Enqueue(entry);

    protected override void DisposeArchive() => _archive.Dispose();

    private void Flush()
    {
        while (_closed.TryDequeue(out Entry entry))
        {
            using Stream destination = _archive.CreateEntry(entry.Path).Open();
            ((MemoryStream)entry.Stream).WriteTo(destination);
            entry.Stream.Dispose();
        }
    }
}
