using System.Xml.Linq;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>What the documentation refers to exists.</summary>
[TestClass]
public class LinkTests
{
    [TestMethod]
    public void Every_relative_link_points_to_a_file_and_heading_that_exist()
    {
        var broken = new List<string>();
        int checkedLinks = 0;
        foreach (MarkdownPage page in MarkdownPage.All)
        {
            foreach (string target in page.Targets.Where(target => !target.Contains("://", StringComparison.Ordinal)))
            {
                checkedLinks++;
                string[] parts = target.Split('#');
                string path = parts[0].Length == 0 ? page.Path
                    : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.Path)!, parts[0]));
                if (!File.Exists(path) && !Directory.Exists(path))
                    broken.Add($"{page.Name}: there is no file '{target}'");
                else if (parts.Length > 1 && !MarkdownPage.All.Single(other => other.Path == path).Anchors.Contains(parts[1]))
                    broken.Add($"{page.Name}: there is no heading for '{target}'");
            }
        }
        Assert.IsGreaterThan(20, checkedLinks, "links were not found");
        Assert.IsEmpty(broken, string.Join('\n', broken));
    }

    [TestMethod]
    public void Every_page_of_docs_is_linked_from_the_readme()
    {
        string[] linked = MarkdownPage.At("README.md").Targets.Select(target => target.Split('#')[0]).ToArray();
        string[] missing = MarkdownPage.All.Select(page => page.Name)
            .Where(name => name.StartsWith("docs/", StringComparison.Ordinal) && !linked.Contains(name)).ToArray();

        Assert.IsEmpty(missing, "README.md does not link to " + string.Join(", ", missing));
    }

    [TestMethod]
    public void Packages_have_the_versions_that_this_build_has()
    {
        IReadOnlyDictionary<string, string> built = Checkout.PackageVersions();
        var references = MarkdownPage.All.SelectMany(page => page.Blocks).Where(block => block.Language == "xml")
            .SelectMany(block => XElement.Parse(block.Code).Descendants("PackageReference"))
            .Select(package => (Name: package.Attribute("Include")!.Value, Version: package.Attribute("Version")!.Value)).ToArray();
        Assert.AreNotEqual(0, references.Length, "no project file was found");
        foreach ((string name, string version) in references)
            Assert.AreEqual(built[name], version, name);
    }
}
