using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.Data.Sqlite;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>The code of docs/data.md, run on such data: each section's view has the pictures of the same files.</summary>
[TestClass]
public sealed partial class DataPageTests
{
    private const int Side = 64;
    private static readonly string _shown = Path.Combine(AppContext.BaseDirectory, "Reference", "shown");
    private static readonly string[] _kinds = ["dress", "shoes, red"];
    private static readonly Dictionary<string, string> _sections = Sections();
    private readonly MLContext _ml = new(seed: 1);
    private readonly Folder _folder = new();

    [TestCleanup]
    public void DeleteFolder()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [TestMethod]
    public void Every_source_gives_the_pictures_of_its_files_and_names_or_leaves_out_bad_ones()
    {
        string[] files = ["orientation6.jpg", "rgba.webp", "grey, \"alpha\".png"];
        string[] paths = [.. files.Select(file => _folder[file])];
        File.Copy(Path.Combine(_shown, "orientation6.jpg"), paths[0]);
        File.Copy(Path.Combine(_shown, "rgba.webp"), paths[1]);
        File.Copy(Path.Combine(_shown, "grey-alpha.png"), paths[2]);
        byte[] expected = Pixels(_ml.Transforms.LoadDcganImages("Image", null, "Path", imageWidth: Side, imageHeight: Side),
            _ml.Data.LoadFromEnumerable(paths.Select(path => new FileRow { Path = path })));
        Dictionary<string, Func<MLContext, IReadOnlyList<MLImage>, (IDataView, IEstimator<ITransformer>)>> sources = Compiled();
        Assert.HasCount(5, sources);
        using MLImage one = Pictures.Image(1, 20, 30), other = Pictures.Image(2, 90, 70);

        foreach (bool areBad in new[] { false, true })
        {
            WriteCsv(files, areBad);
            WriteDatabase(paths, areBad);
            WriteZip(paths, areBad);
            foreach ((string name, var source) in sources)
            {
                if (name == "Images in memory")
                    continue;
                (IDataView rows, IEstimator<ITransformer> load) = source(_ml, [one, other]);
                if (!areBad)
                {
                    CollectionAssert.AreEqual(expected, Pixels(load, rows), name);
                    continue;
                }
                StringAssert.Matches(Assert.Throws<InvalidOperationException>(() => Pixels(load, rows)).Message, BadRow(), name);
                var training = Pictures.SmallOptions() with { ImageColumnName = "Image", BadImages = DcganBadImages.Skip };
                using DcganTransformer gan = load.Append(_ml.Transforms.Dcgan(training)).Fit(rows).LastTransformer;
                Assert.AreEqual(2, gan.Summary.SkippedImages, name);
            }
        }

        // Twice, as they stay their owner's.
        for (int i = 0; i < 2; i++)
        {
            (IDataView rows, IEstimator<ITransformer> load) = sources["Images in memory"](_ml, [one, other]);
            Assert.HasCount(2 * 3 * Side * Side, Pixels(load, rows));
        }
        Assert.AreEqual(4 * 20 * 30, one.Pixels.Length);
    }

    private static byte[] Pixels(IEstimator<ITransformer> load, IDataView rows) =>
        Pictures.AsTrainedOn(load.Fit(rows).Transform(rows), "Image", channels: 3);

    private void WriteCsv(string[] files, bool areBad)
    {
        IEnumerable<string> lines = files.Select((file, i) => $"\"{file.Replace("\"", "\"\"")}\" , \"{_kinds[i % 2]}\"");
        File.WriteAllLines(_folder["clothes.csv"],
            ["file,kind", .. lines, .. areBad ? ["missing.png,dress", ",dress"] : Array.Empty<string>()]);
    }

    private void WriteDatabase(string[] paths, bool areBad)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["clothes.db"]}");
        connection.Open();
        Execute("CREATE TABLE IF NOT EXISTS Clothes (Id INTEGER PRIMARY KEY, Picture BLOB, Kind TEXT); DELETE FROM Clothes");
        for (int i = 0; i < paths.Length; i++)
            Insert(File.ReadAllBytes(paths[i]), _kinds[i % 2]);
        if (!areBad)
            return;
        Insert(DBNull.Value, "dress");
        Insert(File.ReadAllBytes(paths[0])[..^20], DBNull.Value);

        void Insert(object picture, object kind) => Execute("INSERT INTO Clothes (Picture, Kind) VALUES ($picture, $kind)",
            new SqliteParameter("$picture", picture), new SqliteParameter("$kind", kind));

        void Execute(string text, params SqliteParameter[] parameters)
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = text;
            command.Parameters.AddRange(parameters);
            command.ExecuteNonQuery();
        }
    }

    private void WriteZip(string[] paths, bool areBad)
    {
        File.Delete(_folder["clothes.zip"]);
        using ZipArchive zip = ZipFile.Open(_folder["clothes.zip"], ZipArchiveMode.Create);
        zip.CreateEntry("dress/");
        for (int i = 0; i < paths.Length; i++)
            zip.CreateEntryFromFile(paths[i], $"{_kinds[i % 2]}/{Path.GetFileName(paths[i])}");
        zip.CreateEntryFromFile(paths[0], "__MACOSX/dress/._orientation6.jpg");
        if (!areBad)
            return;
        foreach (string name in new[] { "dress/cut.jpg", "dress/read me.txt" })
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write(File.ReadAllBytes(paths[0]).AsSpan(..200));
        }
    }

    // A method each, with what the code is about in this test's folder.
    private Dictionary<string, Func<MLContext, IReadOnlyList<MLImage>, (IDataView, IEstimator<ITransformer>)>> Compiled()
    {
        string[] names = [.. _sections.Keys];
        string usings = string.Concat(new[] { "System", "System.Collections.Generic", "System.IO", "System.Linq", "Microsoft.ML",
            "Microsoft.ML.Data", "Microsoft.ML.Dcgan" }.Select(name => $"using {name};\n"));
        SyntaxTree[] trees = [.. names.Select((name, i) => CSharpSyntaxTree.ParseText(usings + Class($"Section{i}", _sections[name])))];
        var compilation = CSharpCompilation.Create("DataPage", trees, SnippetTests.References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        Assert.IsTrue(compilation.Emit(assembly) is { Success: true }, string.Join('\n', compilation.GetDiagnostics()));
        Assembly loaded = Assembly.Load(assembly.ToArray());
        return names.Select((name, i) => (name, Run: loaded.GetType($"Section{i}")!.GetMethod("Run")!
                .CreateDelegate<Func<MLContext, IReadOnlyList<MLImage>, (IDataView, IEstimator<ITransformer>)>>()))
            .ToDictionary(section => section.name, section => section.Run);
    }

    private string Class(string name, string code)
    {
        string here = DataFile().Replace(code, match => _folder[match.Value].Replace('\\', '/'));
        CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(here).GetCompilationUnitRoot();
        return $$"""
            {{unit.Usings}}
            public static class {{name}}
            {
                public static (IDataView, IEstimator<ITransformer>) Run(MLContext ml, IReadOnlyList<MLImage> photos)
                {
                    {{string.Concat(unit.Members.OfType<GlobalStatementSyntax>())}}
                    return (rows, load);
                }
                {{string.Concat(unit.Members.Where(member => member is not GlobalStatementSyntax))}}
            }
            """;
    }

    // The code below each heading, by that.
    private static Dictionary<string, string> Sections()
    {
        string text = File.ReadAllText(MarkdownPage.At("docs/data.md").Path);
        return text.Split("\n## ").Skip(1).ToDictionary(section => section[..section.IndexOf('\n')], section =>
            string.Concat(Fence().Matches(section).Select(match => match.Groups[1].Value)));
    }

    [GeneratedRegex(@"(?<=[""=])clothes\.(csv|db|zip)")]
    private static partial Regex DataFile();

    [GeneratedRegex(@"```csharp[^\n]*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    // The first of them, by its number and its texts.
    [GeneratedRegex(@"^Column 'Image', row 3(, \w+ '[^']*')+: .*(missing\.png|is empty \(0 bytes\)|cut short)")]
    private static partial Regex BadRow();
}
