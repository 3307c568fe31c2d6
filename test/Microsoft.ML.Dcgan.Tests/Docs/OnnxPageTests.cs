using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>What docs/interop.md says of ONNX, run as it stands there.</summary>
[TestClass]
public sealed class OnnxPageTests
{
    [TestMethod]
    public async System.Threading.Tasks.Task The_lines_about_ONNX_do_what_they_say()
    {
        using var folder = new Folder();
        using DcganTransformer gan = RandomModels.Make(new NetworkShape(64, 64, 3, 100, 2, 2, 4));
        var ml = new MLContext(seed: 1);
        var given = new Given
        {
            ml = ml,
            gan = gan,
            view = gan.SampleNoise(3),
            incoming = ml.Data.LoadFromEnumerable(
                Pictures.Files(folder["pictures"], 3, 64, 64).Select(file => new FileRow { Path = file }).ToList()),
        };
        string code = string.Concat(MarkdownPage.At("docs/interop.md").Blocks
            .Where(block => block.Language.StartsWith("csharp", StringComparison.Ordinal) && block.Code.Contains("Onnx"))
            .Select(SnippetTests.AsScript));
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder[""];
            ScriptState<object> ran = await CSharpScript.RunAsync("using Microsoft.ML; using Microsoft.ML.Dcgan;\n" + code,
                ScriptOptions.Default.WithReferences(SnippetTests.References).WithImports(SnippetTests.ImplicitUsings), given);
            Check(given, (IDataView)ran.GetVariable("generated").Value, (IDataView)ran.GetVariable("judged").Value);
            foreach (IDisposable made in ran.Variables.Select(variable => variable.Value).OfType<IDisposable>())
                made.Dispose();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static void Check(Given given, IDataView generated, IDataView judged)
    {
        Assert.AreEqual("Vector<Single, 1, 3, 64, 64>", generated.Schema["image"].Type.ToString());
        float[] noise = [.. given.view!.GetColumn<float[]>("Noise").SelectMany(row => row)];
        float[] pixels = [.. generated.GetColumn<float[]>("image").SelectMany(row => row)];
        Assert.IsLessThan(1e-4, RandomModels.Difference(RandomModels.Pixels(given.gan!, noise), pixels));

        using DcganRealnessScorer scorer = given.gan!.RealnessScorer("Expected", "Picture");
        IDataView expected = scorer.Transform(judged);
        Assert.IsLessThan(1e-5, RandomModels.Difference([.. expected.GetColumn<float>("Expected")],
            [.. expected.GetColumn<float[]>("realness").Select(row => row.Single())]));
    }

#pragma warning disable IDE1006, CA1051 // Named as on the page, and seen by the script.
    public sealed class Given
    {
        public MLContext? ml;
        public DcganTransformer? gan;
        public IDataView? view, incoming;
    }
#pragma warning restore IDE1006, CA1051
}
