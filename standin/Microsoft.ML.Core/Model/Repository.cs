using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Named streams in a zip archive.</summary>
internal abstract class Repository : IDisposable
{
    private readonly List<Entry> _open = new();

    private protected Repository(IExceptionContext ectx)
    {
        ExceptionContext = ectx;
    }

    public IExceptionContext ExceptionContext { get; }

    public void Dispose()
    {
        CloseEntries();
        DisposeArchive();
    }

    /// <summary>Entry names have the separator of the machine that wrote them, as in ML.NET.</summary>
    protected string PathOf(string dir, string name)
    {
        ExceptionContext.CheckParam(dir == null || !dir.Contains(".."), nameof(dir));
        ExceptionContext.CheckParam(!string.IsNullOrWhiteSpace(name) && !name.Contains(".."), nameof(name));
        return Normalize(Path.Combine(dir ?? "", name));
    }

    protected static string Normalize(string path) => path.Replace('/', Path.DirectorySeparatorChar);

    protected Entry Open(string path, MemoryStream stream)
    {
        var entry = new Entry(this, path, stream);
        _open.Add(entry);
        return entry;
    }

    protected void CloseEntries()
    {
        while (_open.Count > 0)
            _open[^1].Dispose();
    }

    protected abstract void OnClosed(Entry entry);

    protected abstract void DisposeArchive();

    /// <summary>A stream of the repository, seekable, which archives' own are not.</summary>
    public sealed class Entry : IDisposable
    {
        private readonly Repository _repository;

        internal Entry(Repository repository, string path, Stream stream)
        {
            _repository = repository;
            Path = path;
            Stream = stream;
        }

        public string Path { get; }

        public Stream Stream { get; }

        public void Dispose()
        {
            if (_repository._open.Remove(this))
                _repository.OnClosed(this);
        }
    }
}
