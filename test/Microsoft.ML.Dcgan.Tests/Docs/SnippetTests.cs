using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>All C# in the documentation compiles.</summary>
[TestClass]
public partial class SnippetTests
{
    private const string CSharp = "csharp";

    /// <summary>Stands for the name of an assembly that a block needs, where that is what only the bridge can reach.</summary>
    private const string Internals = "internals";

    /// <summary>What the SDK's projects import without being asked.</summary>
    internal static readonly string[] ImplicitUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq",
        "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    /// <summary>What the pages take for granted.</summary>
    private const string Preamble = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Dcgan;
        MLContext ml = null;
        DcganTransformer gan = null;
        DcganEstimator.Options options = null;
        IDataView images = null, newImages = null, clothes = null, labelled = null, incoming = null, training = null, real = null, view = null;
        IReadOnlyList<MLImage> photos = null;
        IReadOnlyList<GeneratedImage> pictures = null;
        IReadOnlyList<ImageGrid> grids = null;
        string[] names = null;
        ITransformer extractor = null;
        double threshold = 0;
        string[] args = null;
        """;

    private static readonly string[] _assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(File.Exists).ToArray();

    internal static readonly MetadataReference[] References = _assemblies.Select(path => MetadataReference.CreateFromFile(path)).ToArray();

    public static IEnumerable<object[]> Pages =>
        MarkdownPage.All.Where(page => page.Blocks.Any(IsOurs)).Select(page => new object[] { page.Name });

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Every_snippet_compiles_after_those_before_it(string name)
    {
        MarkdownPage page = MarkdownPage.At(name);
        Script<object> script = CSharpScript.Create(Preamble,
            ScriptOptions.Default.WithReferences(References).WithImports(ImplicitUsings).WithLanguageVersion(LanguageVersion.Latest));
        var errors = new List<string>();
        foreach (MarkdownPage.Block block in page.Blocks.Where(IsOurs))
        {
            Script<object> next = script.ContinueWith(AsScript(block));
            string[] found = Errors(next.GetCompilation(), page, block);
            errors.AddRange(found);
            if (found.Length == 0)
                script = next;
        }
        Assert.IsEmpty(errors, string.Join('\n', errors));
    }

    /// <summary>A block that begins with its own usings is meant to be pasted into an empty Program.cs.</summary>
    [TestMethod]
    public void Every_whole_program_compiles_by_itself()
    {
        SyntaxTree implicitUsings = CSharpSyntaxTree.ParseText(string.Concat(ImplicitUsings.Select(name => $"global using {name};")));
        var errors = new List<string>();
        int programs = 0;
        foreach (MarkdownPage page in MarkdownPage.All)
        {
            foreach (MarkdownPage.Block block in page.Blocks.Where(block => IsOurs(block)
                && block.Code.StartsWith("using Microsoft.ML;", StringComparison.Ordinal)))
            {
                programs++;
                errors.AddRange(Errors(CSharpCompilation.Create("Program", [implicitUsings, CSharpSyntaxTree.ParseText(block.Code)],
                    References,
                    new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)),
                        page, block));
            }
        }
        Assert.AreNotEqual(0, programs, "no program was found");
        Assert.IsEmpty(errors, string.Join('\n', errors));
    }

    [TestMethod]
    public void No_snippet_escapes_by_its_name()
    {
        string[] others = MarkdownPage.All.SelectMany(page => page.Blocks.Select(block => (page.Name, block.Line, block.Language)))
            .Where(block => block.Language.StartsWith('c') && block.Language != CSharp && Needed(block.Language) == null)
            .Select(block => $"{block.Name}({block.Line}): {block.Language}").ToArray();

        Assert.IsEmpty(others, string.Join('\n', others));
    }

    // Scripts know no using declarations.
    internal static string AsScript(MarkdownPage.Block block) => UsingDeclaration().Replace(block.Code, "$1");

    // A fence of "csharp ASSEMBLY" is for where that assembly is.
    private static bool IsOurs(MarkdownPage.Block block) => block.Language == CSharp
        || (Needed(block.Language) is string needed && _assemblies.Any(path => Path.GetFileNameWithoutExtension(path) == needed));

    private static string? Needed(string language) => language.Split(' ') is [CSharp, var needed]
        && (needed == Internals || needed.StartsWith("Microsoft.", StringComparison.Ordinal))
        ? needed
        : null;

    private static string[] Errors(Compilation compilation, MarkdownPage page, MarkdownPage.Block block) => compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
        .Select(error => $"{page.Name}({block.Line + error.Location.GetLineSpan().StartLinePosition.Line}): {error.Id}: {error.GetMessage()}")
        .ToArray();

    [GeneratedRegex(@"\busing ((?:var|[\w.<>?]+) \w+ =)")]
    private static partial Regex UsingDeclaration();
}
