using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>What the assemblies refer to. ML.NET's internals are reached from the bridge alone.</summary>
[TestClass]
public sealed class ReferenceTests
{
    [TestMethod]
    public void The_library_refers_to_its_packages_and_the_bridge()
    {
        (string assemblies, bool skipsAccessChecks) = References("Microsoft.ML.Dcgan.dll");
        Assert.AreEqual(
            "Microsoft.ML.Core Microsoft.ML.Data Microsoft.ML.DataView Microsoft.ML.Dcgan.Bridge " +
            "Microsoft.ML.ImageAnalytics SkiaSharp System.IO.Hashing TorchSharp",
            assemblies);
        Assert.IsFalse(skipsAccessChecks);
    }

    [TestMethod]
    public void The_bridge_refers_to_the_assemblies_it_opens_and_their_data_views()
    {
        (string assemblies, bool skipsAccessChecks) = References("Microsoft.ML.Dcgan.Bridge.dll");
        Assert.AreEqual("Microsoft.ML.Core Microsoft.ML.Data Microsoft.ML.DataView", assemblies);
        Assert.IsTrue(skipsAccessChecks);
    }

    private static (string Assemblies, bool SkipsAccessChecks) References(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        MetadataReader metadata = file.GetMetadataReader();
        IEnumerable<string> references = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));
        IEnumerable<string> types = metadata.TypeDefinitions.Select(handle => metadata.GetString(metadata.GetTypeDefinition(handle).Name));
        return (string.Join(' ', references.Where(name => !IsFramework(name)).Order(StringComparer.Ordinal)),
            types.Contains("IgnoresAccessChecksToAttribute"));
    }

    private static bool IsFramework(string name) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));
}
