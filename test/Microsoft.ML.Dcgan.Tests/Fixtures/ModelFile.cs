using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Model zips as bytes: saved, loaded, taken apart and tampered with.</summary>
internal static class ModelFile
{
    public static ITransformer Load(byte[] model) => new MLContext().Model.Load(new MemoryStream(model), out _);

    public static byte[] Saved(ITransformer model, IDataView input)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, input.Schema, stream);
        return stream.ToArray();
    }

    public static byte[] Edited(byte[] model, Action<JsonNode> edit) => Changed(model, "dcgan.json", bytes =>
    {
        JsonNode json = JsonNode.Parse(bytes)!;
        edit(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    });

    public static void Refused(byte[] model, params string[] messages)
    {
        // ML.NET may wrap what a loader throws.
        Exception? failure = Assert.Throws<Exception>(() => Load(model));
        while (failure is not (null or FormatException))
            failure = failure.InnerException;
        Assert.IsNotNull(failure, "no FormatException");
        foreach (string message in messages)
            StringAssert.Contains(failure.Message, message);
    }

    public static Dictionary<string, byte[]> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using Stream stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    /// <summary>A part changed or, where the change is null, left out; with its checksum, if it isn't to be told by that.</summary>
    public static byte[] Changed(byte[] zip, string name, Func<byte[], byte[]?> change, bool keepChecksums = false)
    {
        Dictionary<string, byte[]> entries = Entries(zip);
        using var changed = new MemoryStream();
        using (var archive = new ZipArchive(changed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string entryName in entries.Keys.ToArray())
            {
                if (entryName.EndsWith(name) && change(entries[entryName]) is var content)
                {
                    if (content == null)
                        entries.Remove(entryName);
                    else
                        entries[entryName] = content;
                }
            }
            foreach ((string entryName, byte[] bytes) in entries)
            {
                using Stream stream = archive.CreateEntry(entryName).Open();
                stream.Write(!keepChecksums && entryName.EndsWith("checksums.txt") ? Checksums(bytes, entries) : bytes);
            }
        }
        return changed.ToArray();
    }

    private static byte[] Checksums(byte[] of, Dictionary<string, byte[]> entries) =>
        Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(of).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[0])
            .Select(name => (name, Content: entries.FirstOrDefault(entry => entry.Key.EndsWith(name)).Value ?? []))
            .Select(part => $"{part.name} {Crc32.HashToUInt32(part.Content):x8}\n")));
}
