using System;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>One and the same library must run on the real packages and on the stand-ins.</summary>
[TestClass]
public class ReferenceTests
{
    /// <summary>What the packages Microsoft.ML, Microsoft.ML.ImageAnalytics, TorchSharp and Google.Protobuf bring, as far as the library needs it.</summary>
    private static readonly string[] RealAssemblies =
    [
        "Microsoft.ML.DataView", "Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.Transforms", "Microsoft.ML.ImageAnalytics", "TorchSharp",
        "Google.Protobuf",
    ];

    [TestMethod]
    public void TheLibraryReferencesTheFrameworkTheRealPackagesAndTheBridge()
    {
        string[] others = References("Microsoft.ML.Dcgan.dll").Where(name => !IsFramework(name)).Except(RealAssemblies).ToArray();

        CollectionAssert.AreEqual(new[] { "Microsoft.ML.Dcgan.Bridge" }, others);
    }

    [TestMethod]
    public void TheBridgeReferencesTheFrameworkAndTheTwoAssembliesItOpens()
    {
        string[] others = References("Microsoft.ML.Dcgan.Bridge.dll").Where(name => !IsFramework(name)).Order().ToArray();

        CollectionAssert.AreEqual(new[] { "Microsoft.ML.Core", "Microsoft.ML.Data" }, others);
    }

    [TestMethod]
    public void NoSourceOfTheProductAsksWhatItIsBuiltFor()
    {
        var conditional = new Regex(@"^\s*#\s*(if|elif|else)\b", RegexOptions.Multiline);
        string[] sources = Checkout.Sources("src", "*.cs").ToArray();

        Assert.IsTrue(sources.Length > 5, "the sources were not found");
        CollectionAssert.AreEqual(Array.Empty<string>(), sources.Where(file => conditional.IsMatch(File.ReadAllText(file))).ToArray());
    }

    private static string[] References(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        MetadataReader metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToArray();
    }

    private static bool IsFramework(string name) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));
}
