using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>Which of the library's folders use which: the compiler is asked for every name in its sources.</summary>
[TestClass]
public sealed class ArchitectureTests
{
    private const string Library = "src/Microsoft.ML.Dcgan";
    private const string Root = "root";

    // Each may use those before it.
    private static readonly string[] _folders =
        ["Options", "Networks", "Storage", "Distributed", "Training", "Data", "Evaluation", "Latent", "Pictures", "Interop", Root];

    private static readonly string[] _implicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    private static readonly Lazy<IReadOnlyCollection<Use>> _uses = new(() => [.. FindUses().Distinct()]);

    /// <summary>A type that is named in a file, itself or by one of its members.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Folder">The file's folder.</param>
    /// <param name="Type">The type's full name.</param>
    /// <param name="TypeFolder">The type's folder; null for types of other assemblies.</param>
    private sealed record Use(string File, string Folder, string Type, string? TypeFolder);

    [TestMethod]
    public void Folders_use_only_those_before_them()
    {
        CheckNone(_uses.Value.Where(use => use.TypeFolder != null && Place(use.TypeFolder) > Place(use.Folder)));
    }

    [TestMethod]
    public void Networks_storage_and_training_know_nothing_of_ML_NET()
    {
        CheckNone(_uses.Value.Where(use => use.Folder is "Networks" or "Storage" or "Distributed" or "Training"
            && use.TypeFolder == null && use.Type.StartsWith("Microsoft.ML.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Data_views_and_images_of_ML_NET_are_known_where_they_are_read_made_and_shown()
    {
        CheckNone(_uses.Value.Where(use => use.Folder is not ("Data" or "Pictures" or Root)
            && use.Type is "Microsoft.ML.IDataView" or "Microsoft.ML.Data.MLImage"));
    }

    // It may be set back while a training runs; and the same seed gives the same bits at any time.
    [TestMethod]
    public void Nothing_asks_what_time_it_is()
    {
        string[] asking = [.. from file in Checkout.Sources("src", "*.cs")
                              from line in File.ReadLines(file)
                              where Regex.IsMatch(line, @"^(?!\s*//).*\b(UtcNow|Now|Today|TickCount\w*|Get\w*(Write|Access|Creation)Time\w*)\b")
                              select $"{file}: {line.Trim()}"];
        Assert.IsEmpty(asking, string.Join('\n', asking));
    }

    private static void CheckNone(IEnumerable<Use> uses)
    {
        string[] wrong = [.. from use in uses
                             let pair = $"{use.Folder} -> {use.TypeFolder ?? use.Type}"
                             orderby pair
                             select $"{pair}: {use.File} uses {use.Type}"];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    private static IEnumerable<string> ProjectUsings() =>
        from item in XDocument.Load(Path.Combine(Checkout.Root, Library, "Microsoft.ML.Dcgan.csproj")).Descendants("Using")
        from name in item.Attribute("Include")!.Value.Split(';')
        select item.Attribute("Static")?.Value == "true" ? $"static {name}" : name;

    private static IEnumerable<Use> FindUses()
    {
        SyntaxTree implicitUsings = CSharpSyntaxTree.ParseText(
            string.Concat(_implicitUsings.Concat(ProjectUsings()).Select(name => $"global using {name};")));
        SyntaxTree[] trees = [.. Checkout.Sources(Library, "*.cs")
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path))];
        IEnumerable<string> assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => File.Exists(path) && Path.GetFileName(path) != "Microsoft.ML.Dcgan.dll");
        var compilation = CSharpCompilation.Create("Library", [implicitUsings, .. trees],
            assemblies.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                if ((symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition is { } type)
                    yield return new Use(Path.GetFileName(tree.FilePath), FolderOf(tree), type.ToString()!, FolderOf(type));
            }
        }
    }

    // The parts of a class may lie in several.
    private static string? FolderOf(INamedTypeSymbol type) =>
        type.Locations.Where(location => location.IsInSource).Select(location => FolderOf(location.SourceTree!)).MinBy(Place);

    private static string FolderOf(SyntaxTree tree) =>
        Path.GetRelativePath(Path.Combine(Checkout.Root, Library), tree.FilePath).Split(Path.DirectorySeparatorChar) is [var folder, _, ..]
            ? folder : Root;

    private static int Place(string folder)
    {
        int place = Array.IndexOf(_folders, folder);
        return place >= 0 ? place : throw new ArgumentException($"'{folder}' is a folder that has no place yet in {nameof(_folders)}.");
    }
}
