using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// A model's input schema in its file, as a binary data view without rows: names and types. Types that the format cannot name,
/// images for one, are left out; annotations too.
/// </summary>
internal static class SchemaEntry
{
    private const ulong Signature = 0x00425644004C4D43;  // "CML\0DVB\0"
    private const ulong TailSignature = 0x434D4C0044564200;
    private const ulong Version = 0x0001000100010006;
    private const int HeaderSize = 256;
    private const byte NoCompression = 0;

    public static void Write(IHostEnvironment env, DataViewSchema schema, Stream stream)
    {
        using IChannel ch = env.Start("Saving Schema");
        var columns = new List<DataViewSchema.Column>();
        foreach (DataViewSchema.Column column in schema)
        {
            if (TypeCodec.CanWrite(column.Type))
                columns.Add(column);
            else
                ch.Info(MessageSensitivity.Schema, $"The column '{column.Name}' will not be written as it has unsavable column type.");
        }
        ch.Check(columns.Count > 0, "No valid columns to save");

        using var contents = new MemoryStream();
        using (var writer = new BinaryWriter(contents, Encoding.UTF8, leaveOpen: true))
        {
            foreach (DataViewSchema.Column column in columns)
            {
                writer.Write(column.Name);
                TypeCodec.Write(writer, column.Type);
                writer.Write(NoCompression);
                writer.Write7BitEncodedInt64(1);  // rows a block
                writer.Write((long)HeaderSize);   // where the blocks would be listed
                writer.Write(0L);                 // no annotations
            }
        }

        using var output = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        output.Write(Signature);
        output.Write(Version);
        output.Write(Version);  // the earliest that reads this
        output.Write((long)HeaderSize);
        output.Write(HeaderSize + contents.Length);
        output.Write(0L);
        output.Write(columns.Count);
        output.Write(new byte[HeaderSize - 52]);
        output.Write(contents.ToArray());
        output.Write(TailSignature);
    }

    public static DataViewSchema Read(IHostEnvironment env, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            env.CheckDecode(reader.ReadUInt64() == Signature, "Not a binary data view");
            reader.ReadUInt64();
            env.CheckDecode(reader.ReadUInt64() <= Version, "A version that is too new");
            long contents = reader.ReadInt64();
            reader.ReadInt64();
            reader.ReadInt64();
            int columnCount = reader.ReadInt32();
            env.CheckDecode(contents >= HeaderSize && columnCount >= 0);

            var builder = new DataViewSchema.Builder();
            stream.Position = contents;
            for (int i = 0; i < columnCount; i++)
            {
                string name = reader.ReadString();
                DataViewType type = TypeCodec.Read(reader);
                reader.ReadByte();
                reader.Read7BitEncodedInt64();
                reader.ReadInt64();
                reader.ReadInt64();
                builder.AddColumn(name, type);
            }
            return builder.ToSchema();
        }
        catch (EndOfStreamException ex)
        {
            throw env.ExceptDecode(ex, "The input schema ends too early");
        }
    }
}
