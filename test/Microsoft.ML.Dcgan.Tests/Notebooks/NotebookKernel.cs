using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>
/// Runs C# cells one after the other as the .NET notebook kernel does: each sees what those before it declared, and the value of the last
/// line is shown through the formatters that its type names by convention.
/// </summary>
internal sealed class NotebookKernel
{
    private static readonly ScriptOptions _options = ScriptOptions.Default
        .WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists))
        .WithImports("System", "System.Text", "System.Threading.Tasks", "System.Linq", "System.Collections.Generic")
        .WithLanguageVersion(Microsoft.CodeAnalysis.CSharp.LanguageVersion.Latest);

    private ScriptState<object>? _state;

    /// <summary>Runs a cell; returns what it printed, and what it showed by MIME type.</summary>
    public async Task<(string Printed, IReadOnlyDictionary<string, string> Shown)> Run(string code)
    {
        TextWriter console = Console.Out;
        using var printed = new StringWriter { NewLine = "\n" };
        Console.SetOut(printed);
        try
        {
            _state = _state == null ? await CSharpScript.RunAsync(code, _options) : await _state.ContinueWithAsync(code);
        }
        finally
        {
            Console.SetOut(console);
        }
        return (printed.ToString(), Show(_state.ReturnValue));
    }

    private static IReadOnlyDictionary<string, string> Show(object? value)
    {
        var shown = new Dictionary<string, string>();
        if (value == null)
            return shown;

        // Names only, no types of ours: that is the convention.
        Attribute? source = value.GetType().GetCustomAttributes().SingleOrDefault(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute");
        if (source != null)
        {
            object formatters = Activator.CreateInstance((Type)Get(source, "FormatterSourceType"))!;
            string[] preferred = (string[])Get(source, "PreferredMimeTypes");
            foreach (object formatter in (IEnumerable)formatters.GetType().GetMethod("CreateTypeFormatters")!.Invoke(formatters, null)!)
            {
                using var text = new StringWriter();
                string mimeType = (string)Get(formatter, "MimeType");
                if (preferred.Contains(mimeType) && (bool)formatter.GetType().GetMethod("Format")!.Invoke(formatter, [value, text])!)
                    shown[mimeType] = text.ToString();
            }
        }
        shown["text/plain"] = value.ToString()!;
        return shown;
    }

    private static object Get(object instance, string property) => instance.GetType().GetProperty(property)!.GetValue(instance)!;
}
