using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>
/// A notebook as a file-based C# app: the headings become comments, types move to the end, as a program wants them, and what
/// a cell would show is saved as a file.
/// </summary>
internal static class NotebookApp
{
    private const string Directives = "#:project ../../src/Microsoft.ML.Dcgan/Microsoft.ML.Dcgan.csproj\n#:property PublishAot=false\n";

    private static readonly CSharpParseOptions _script = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script)
        .WithLanguageVersion(LanguageVersion.Latest);

    /// <param name="notebook">What it does.</param>
    /// <param name="name">Of the app and of the files it saves, without extension.</param>
    public static string Of(Notebook notebook, string name)
    {
        var usings = new List<string>();
        var statements = new StringBuilder();
        var types = new StringBuilder();
        int shown = 0;
        foreach ((string? heading, Notebook.Cell? cell) in notebook.Cells)
        {
            if (heading != null)
                statements.Append(CultureInfo.InvariantCulture, $"\n// {heading}\n");
            if (cell is not { FetchesPackages: false })
                continue;
            CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(cell.Source, _script).GetCompilationUnitRoot();
            usings.AddRange(unit.Usings.Select(directive => directive.ToString()));
            foreach (MemberDeclarationSyntax member in unit.Members)
            {
                if (member is BaseTypeDeclarationSyntax)
                    types.Append('\n').Append(member.ToString()).Append('\n');
                else if (member is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } value })
                    statements.Append(Saved(value.Expression, $"{name}-{++shown}"));
                else
                    statements.Append(member.ToFullString().TrimEnd()).Append('\n');
            }
        }
        return $"{Directives}\n{string.Join('\n', usings.Where(directive => !IsImplicit(directive)))}\n{statements}{types}";
    }

    /// <summary>What a compiler finds wrong with an app.</summary>
    public static IReadOnlyList<string> Errors(string app)
    {
        string code = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;\n" +
            string.Join('\n', app.Split('\n').Where(line => !line.StartsWith("#:", StringComparison.Ordinal)));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("app",
            [CSharpSyntaxTree.ParseText(code, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest))], references,
                new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
            .GetDiagnostics().Where(found => found.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning
                && found.Id != "CS1701").Select(found => found.ToString()).ToArray();
    }

    // Nothing that a cell shows is of another kind, or compiling the app fails.
    private static string Saved(ExpressionSyntax value, string file)
    {
        string text = value.ToString();
        string extension = text.Contains("Animation", StringComparison.Ordinal) ? "gif" : "png";
        string comments = value.GetLeadingTrivia().ToFullString().TrimEnd();
        return $"{(comments.Length > 0 ? comments + "\n" : "")}{text}.Save(\"{file}.{extension}\");\nConsole.WriteLine(\"{file}.{extension}\");\n";
    }

    private static bool IsImplicit(string directive) => directive == "using System.IO;";
}
