using System.Text.RegularExpressions;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>Every program of the repository chooses its libtorch in the same way. Nothing is restored: few feeds have them all.</summary>
[TestClass]
[TestCategory("Sdk")]
public sealed class TorchRuntimeTests
{
    [TestMethod]
    public void Each_program_runs_on_the_libtorch_that_is_asked_for()
    {
        (string Properties, string Package)[] expected =
        [
            ("", Checkout.Torch.Name),
            ("TorchRuntime=cpu", Checkout.Torch.Name),
            ("TorchRuntime=cuda-linux", "TorchSharp-cuda-linux"),
            ("TorchRuntime=cuda-windows", "TorchSharp-cuda-windows"),
            ("RuntimeIdentifier=linux-x64", "libtorch-cpu-linux-x64"),
            ("RuntimeIdentifier=win-x64", "libtorch-cpu-win-x64"),
            ("RuntimeIdentifier=osx-arm64", "libtorch-cpu-osx-arm64"),
            ("TorchRuntime=cuda-linux;RuntimeIdentifier=linux-x64", "TorchSharp-cuda-linux"),
        ];
        string[] programs = new[] { "src", "samples", "test" }.SelectMany(folder => Checkout.Sources(folder, "*.csproj"))
            .Where(file => File.ReadAllText(file).Contains("TorchRuntime.props", StringComparison.Ordinal)).ToArray();
        Assert.IsGreaterThan(5, programs.Length, "the programs were not found");

        string[] references = References(programs, expected.Select(row => row.Properties).ToArray());

        string[] wanted = expected.SelectMany((row, i) => programs.Select(program => $"{i} {program} {row.Package}")).ToArray();
        CollectionAssert.AreEquivalent(wanted, references);
    }

    [TestMethod]
    public void The_tool_is_packed_for_all_platforms_on_demand()
    {
        string tool = Path.Combine(Checkout.Root, "src", "Microsoft.ML.Dcgan.Tool", "Microsoft.ML.Dcgan.Tool.csproj");
        CollectionAssert.AreEqual(new[] { $"0 {tool} TorchSharp-cpu" }, References([tool], "ToolPlatforms=all"));
    }

    /// <summary>The torch packages of each program for each list of properties, which is named by its number.</summary>
    private static string[] References(string[] programs, params string[] properties)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("dcgan-torch-");
        try
        {
            // One process asks them all.
            string project = Path.Combine(scratch.FullName, "ask.proj"), answers = Path.Combine(scratch.FullName, "answers");
            File.WriteAllText(project, $"""
                <Project>
                  <ItemGroup><Program Include="{string.Join(';', programs)}" /></ItemGroup>
                  <Target Name="Ask">
                    {string.Concat(properties.Select((list, i) => $"""
                    <MSBuild Projects="@(Program)" Targets="CollectPackageReferences" Properties="Number={i};{list}">
                      <Output TaskParameter="TargetOutputs" ItemName="Found{i}" />
                    </MSBuild>
                    <WriteLinesToFile File="{answers}" Lines="@(Found{i}->'{i} %(MSBuildSourceProjectFile) %(Identity)')" />
                    """))}
                  </Target>
                </Project>
                """);
            Checkout.Dotnet(scratch.FullName, "msbuild", project, "-nologo", "-t:Ask");
            return File.ReadAllLines(answers).Where(line => Regex.IsMatch(line, " (libtorch-|TorchSharp)[^ ]*$")).ToArray();
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
