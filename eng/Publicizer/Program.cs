using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

// Writes a copy of an assembly in which internals are public, for the compiler to read: Publicizer FROM TO
byte[] image = File.ReadAllBytes(args[0]);
using var portable = new PEReader(new MemoryStream(image));
MetadataReader metadata = portable.GetMetadataReader();

// ECMA-335 II.23.1.15: the lowest three bits of a type's flags are its visibility.
ForEachRow(TableIndex.TypeDef, flags =>
{
    const int Mask = 7, NotPublic = 0, Public = 1, NestedPublic = 2;
    image[flags] = (byte)((image[flags] & ~Mask) | ((image[flags] & Mask) is NotPublic or Public ? Public : NestedPublic));
});

// II.23.1.5 and II.23.1.10: so are those of a field's and a method's. What is private stays so: an interface's explicit implementation may bear a public one's name.
ForEachRow(TableIndex.Field, PublicizeMember);
ForEachRow(TableIndex.MethodDef, row => PublicizeMember(row + 6)); // after RVA and ImplFlags

// What has not changed is not written, or all that refers to it would be compiled again.
Directory.CreateDirectory(Path.GetDirectoryName(args[1])!);
if (!File.Exists(args[1]) || !File.ReadAllBytes(args[1]).AsSpan().SequenceEqual(image))
    File.WriteAllBytes(args[1], image);

void PublicizeMember(int flags)
{
    const int Mask = 7, Private = 1, Public = 6;
    if ((image[flags] & Mask) > Private)
        image[flags] = (byte)((image[flags] & ~Mask) | Public);
}

void ForEachRow(TableIndex table, Action<int> action)
{
    int start = portable.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(table);
    for (int row = 0; row < metadata.GetTableRowCount(table); row++)
        action(start + row * metadata.GetTableRowSize(table));
}
