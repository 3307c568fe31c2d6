using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Tests.Tool;

[TestClass]
public sealed class InspectCommandTests
{
    private static readonly ToolFolder _models = new();
    private static string _model = null!;

    [ClassInitialize]
    public static void MakeModel(TestContext context) => _model = _models.Model();

    [ClassCleanup]
    public static void DeleteModel() => _models.Dispose();

    [TestMethod]
    public void Tells_people()
    {
        string text = ToolRun.Done("inspect", _model).Output;

        foreach (string expected in new[] { "Generator in TransformerChain", "12x16, colour", "reads Noise, adds Generated",
            "1,304 in the generator, 816 in the discriminator", "2 of 2 minibatches of 4, on 8 pictures", "--noise-size 6",
            "--generator-feature-maps 4" })
            StringAssert.Contains(text, expected);
        Assert.IsFalse(text.Contains("--kernel-size"), "it has its default");
    }

    [TestMethod]
    public void Tells_scripts_what_the_file_holds()
    {
        ToolRun run = ToolRun.Done("inspect", _model, "--json");

        JsonNode model = run.Json["models"]!.AsArray().Single()!;
        JsonNode file = JsonNode.Parse(ModelFile.Entries(File.ReadAllBytes(_model))
            .Single(entry => entry.Key.EndsWith("dcgan.json")).Value)!;
        Assert.AreEqual(new FileInfo(_model).Length, (long)run.Json["bytes"]!);
        foreach (string name in new[] { "width", "height", "channels" })
            Assert.AreEqual((int)file["network"]![name]!, (int)model[name]!);
        Assert.AreEqual($"{file["options"]!["epochs"]}", (string)model["options"]!["--epochs"]!);
        Assert.AreEqual((long)file["summary"]!["steps"]!, (long)model["summary"]!["steps"]!);
        CollectionAssert.AreEquivalent(new[] { "Model.key", "dcgan.json", "generator.safetensors", "discriminator.safetensors", "checksums.txt" },
            model["parts"]!.AsArray().Select(part => (string)part!["name"]!).ToArray());
        StringAssert.Contains(run.Errors, "12x16");
    }

    [TestMethod]
    public void A_wrong_path_is_refused()
    {
        using var folder = new ToolFolder();
        ToolRun.Fails(2, ["inspect", folder["none.zip"]], "there is no file");
        ToolRun.Fails(2, ["inspect", Path.GetDirectoryName(folder.Model())!], "is a folder, but a model zip is expected, such as '",
            "model.zip'");
    }

    [TestMethod]
    public void Needs_neither_libtorch_nor_TorchSharp()
    {
        using var folder = new ToolFolder();
        foreach (string path in Directory.EnumerateFiles(AppContext.BaseDirectory, "Microsoft.ML.*.dll")
            .Where(path => !path.EndsWith("Tests.dll"))
            .Append(Path.Combine(AppContext.BaseDirectory, "Microsoft.ML.Dcgan.Tool.runtimeconfig.json"))
                .Append(Path.Combine(AppContext.BaseDirectory, "System.CommandLine.dll"))
                .Append(Path.Combine(AppContext.BaseDirectory, "System.IO.Hashing.dll")))
            File.Copy(path, folder[Path.GetFileName(path)]);

        ToolRun run = ToolRun.InProcess(folder["Microsoft.ML.Dcgan.Tool.dll"], null, "inspect", _model);

        Assert.AreEqual(0, run.Code, run.Errors);
        StringAssert.Contains(run.Output, "1,304 in the generator");
    }
}
