using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Tool;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>Packs the command-line tool, installs the package and runs what was installed.</summary>
[TestClass]
[TestCategory("Sdk")]
public sealed class ToolPackageTests
{
    private const string Id = "Microsoft.ML.Dcgan.Tool";
    private const string Version = "0.1.0-test";

    [TestMethod]
    public void The_packed_tool_is_installed_and_trains()
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("dcgan-tool-");
        try
        {
            string packages = Path.Combine(scratch.FullName, "packages"), tools = Path.Combine(scratch.FullName, "tools");
            // What is packed is half a gigabyte, which is not to stay in the checkout.
            Checkout.Pack(Id, Version, packages, $"-p:PublishDir={Path.Combine(scratch.FullName, "publish")}{Path.DirectorySeparatorChar}");
            using (ZipArchive package = ZipFile.OpenRead(Path.Combine(packages, $"{Id}.{Version}.nupkg")))
            {
                ZipArchiveEntry settings = package.Entries.Single(entry => entry.Name == "DotnetToolSettings.xml");
                using Stream text = settings.Open();
                Assert.AreEqual("dcgan", XDocument.Load(text).Descendants("Command").Single().Attribute("Name")!.Value);
                Assert.IsNotNull(package.GetEntry("PACKAGE.md"));
                foreach (string assembly in new[] { $"{Id}.dll", "Microsoft.ML.Dcgan.dll", "Microsoft.ML.Data.dll", "TorchSharp.dll" })
                    Assert.IsTrue(IsCompiled(package.Entries.Single(entry => entry.Name == assembly)), $"{assembly} has IL alone");
            }

            Checkout.Dotnet(scratch.FullName, "tool", "install", Id, "--tool-path", tools, "--add-source", packages, "--version", Version);
            string dcgan = Path.Combine(tools, OperatingSystem.IsWindows() ? "dcgan.exe" : "dcgan");
            Pictures.Files(Path.Combine(scratch.FullName, "images"), 5, 12, 12);
            StringAssert.Matches(Checkout.Run(dcgan, scratch.FullName, "--version"), new(@"^\d+\.\d+\.\d+"));
            Checkout.Run(dcgan, scratch.FullName, ["train", "images", "--epochs", "1", .. ToolRun.Small]);
            string grid = Path.Combine(scratch.FullName, "grid.png");
            Checkout.Run(dcgan, scratch.FullName, "generate", Path.Combine("images-model", "model.zip"), "--grid", "--out", grid);
            using MLImage image = MLImage.CreateFromFile(grid);
            Assert.AreEqual((82, 82), (image.Width, image.Height), "8x8 pictures of 8x8, and 2 pixels around each");
            Assert.AreEqual(2, Checkout.Finish(Checkout.Start(dcgan, scratch.FullName, "generate", "images", "--out", grid)).ExitCode);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    // ReadyToRun: what is compiled ahead of time lies behind the managed native header.
    private static bool IsCompiled(ZipArchiveEntry assembly)
    {
        using Stream stream = assembly.Open();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        using var file = new PEReader(bytes);
        return file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
