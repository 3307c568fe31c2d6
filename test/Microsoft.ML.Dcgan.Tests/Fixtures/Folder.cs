namespace Microsoft.ML.Dcgan.Tests;

/// <summary>A folder of its own, for as long as a test runs.</summary>
internal sealed class Folder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("dcgan-interop-").FullName;

    public string this[string file] => Path.Combine(_path, file);

    public string[] Files => Directory.GetFiles(_path);

    public static string Reference(string file) => Path.Combine(AppContext.BaseDirectory, "Reference", "interop", file);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
