namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>The library stays of a size that one can read.</summary>
[TestClass]
public sealed class SizeTests
{
    private const int MostFiles = 120;
    private const int MostLines = 14_105;
    private const int LongestFile = 300;
    private const int LongestLine = 140;
    private const int ShortFile = 40;
    private const int MostShortFiles = 12;

    private static readonly (string Name, string[] Lines)[] _files =
        [.. Checkout.Sources("src/Microsoft.ML.Dcgan", "*.cs").Select(path => (Path.GetFileName(path), File.ReadAllLines(path)))];

    [TestMethod]
    public void There_are_not_too_many_files_and_lines()
    {
        Assert.IsLessThanOrEqualTo(MostFiles, _files.Length);
        Assert.IsLessThanOrEqualTo(MostLines, _files.Sum(file => file.Lines.Length));
    }

    [TestMethod]
    public void Files_are_neither_long_nor_splinters()
    {
        string[] longFiles = [.. from file in _files where file.Lines.Length > LongestFile select $"{file.Name}: {file.Lines.Length} lines"];
        Assert.IsEmpty(longFiles, string.Join('\n', longFiles));
        string[] shortFiles = [.. from file in _files where file.Lines.Length < ShortFile select $"{file.Name}: {file.Lines.Length} lines"];
        Assert.IsLessThanOrEqualTo(MostShortFiles, shortFiles.Length, string.Join('\n', shortFiles));
    }

    [TestMethod]
    public void Lines_fit_the_screen()
    {
        string[] wide =
        [
            .. from file in _files
               from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
               where line.Text.Length > LongestLine
               select $"{file.Name}({line.Number}): {line.Text.Length} characters",
        ];
        Assert.IsEmpty(wide, string.Join('\n', wide));
    }
}
