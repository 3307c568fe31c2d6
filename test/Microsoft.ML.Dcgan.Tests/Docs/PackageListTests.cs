using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>What the packages bring, and where builds get it from.</summary>
[TestClass]
public sealed partial class PackageListTests
{
    [TestMethod]
    public void The_list_of_packages_is_what_is_restored()
    {
        (string Name, string Version)[] library = Restored("Microsoft.ML.Dcgan");
        var tables = new StringBuilder("\n## Microsoft.ML.Dcgan\n").Append(Table(library))
            .Append("\n## Microsoft.ML.Dcgan.Tool, besides\n").Append(Table(Restored("Microsoft.ML.Dcgan.Tool").Except(library)
                .Where(package => !package.Name.StartsWith("libtorch", StringComparison.Ordinal))));
        GeneratedTables.Check("packages.md", "packages.lock.json", "The_list_of_packages", tables.ToString());
    }

    [TestMethod]
    public void Every_project_has_a_lock_file()
    {
        // A template's is another's.
        string[] without = [.. Checkout.Sources("", "*.csproj").Where(project => !project.Contains(Path.Combine(".Templates", "dcgan")))
            .Where(project => !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")))];
        Assert.IsEmpty(without, string.Join('\n', without));
    }

    [TestMethod]
    public void Actions_are_of_a_commit_and_not_of_a_tag_that_moves()
    {
        string[] used = [.. Directory.GetFiles(Path.Combine(Checkout.Root, ".github", "workflows")).SelectMany(File.ReadLines)
            .Where(line => line.Contains("uses:"))];
        Assert.IsNotEmpty(used);
        foreach (string line in used)
            StringAssert.Matches(line, Pinned());
    }

    private static (string Name, string Version)[] Restored(string project) =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "src", project, "packages.lock.json")))!["dependencies"]!.AsObject()
            .SelectMany(framework => framework.Value!.AsObject())
            .Where(package => package.Value!["resolved"] != null)
            .Select(package => (package.Key, (string)package.Value!["resolved"]!)).Distinct().Order(),
    ];

    private static string Table(IEnumerable<(string Name, string Version)> packages) =>
        "\n| package | version | licence |\n|---|---|---|\n" +
        string.Concat(packages.Select(package => $"| {package.Name} | {package.Version} | {Licence(package.Name, package.Version)} |\n"));

    private static string Licence(string name, string version)
    {
        string file = Checkout.PackageFolders(Path.Combine(Checkout.Root, "src", "Microsoft.ML.Dcgan.Tool"))
            .Select(folder => Path.Combine(folder, name.ToLowerInvariant(), version, name.ToLowerInvariant() + ".nuspec"))
            .First(File.Exists);
        XElement licence = XDocument.Load(file).Descendants().First(element => element.Name.LocalName == "license");
        Assert.AreEqual("expression", (string?)licence.Attribute("type"), name);
        return licence.Value;
    }

    [GeneratedRegex(@"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
