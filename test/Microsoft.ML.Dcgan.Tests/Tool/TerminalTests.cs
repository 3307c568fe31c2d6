using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.ML.Dcgan.Tool.Output;
using Spectre.Console;

namespace Microsoft.ML.Dcgan.Tests.Tool;

/// <summary>What a person at a terminal sees.</summary>
[TestClass]
public sealed class TerminalTests
{
    [TestMethod]
    public void A_sparkline_is_low_and_high_where_the_values_are()
    {
        var history = new LossHistory();
        Assert.AreEqual("", history.Sparkline(8));
        foreach (double value in new[] { 0, 1, 2, 3, 4, 5, 6, double.NaN, 7 })
            history.Add(value);
        Assert.AreEqual("▁▂▃▄▅▆▇█", history.Sparkline(8));
        Assert.AreEqual("▁▃▆█", history.Sparkline(4));

        var longer = new LossHistory();
        for (int i = 0; i < 100_000; i++)
            longer.Add(i < 50_000 ? 5 : 1);
        Assert.AreEqual("████▁▁▁▁", longer.Sparkline(8));
    }

    [TestMethod]
    public void Pictures_are_drawn_two_pixels_to_a_character()
    {
        GeneratedImage[] pictures = Generated(3);
        string drawn = Drawn(pictures, ColorSystemSupport.TrueColor, width: 30);

        // Two of 12 characters and one between them are in 30 columns; 16 pixels are 8 rows.
        string[] rows = [.. drawn.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(row => row.Contains('▀'))];
        Assert.HasCount(8, rows);
        byte[] pixels = pictures[0].Pixels.ToArray();
        foreach ((string row, int i) in rows.Select((row, i) => (row, i)))
        {
            Assert.HasCount(24, row.Where(letter => letter == '▀'));
            (int upper, int lower) = (2 * i * 12 * 4, ((2 * i) + 1) * 12 * 4);
            string expected = $"38;2;{pixels[upper + 2]};{pixels[upper + 1]};{pixels[upper]};48;2;{pixels[lower + 2]};{pixels[lower + 1]};{pixels[lower]}m";
            StringAssert.StartsWith(row, "\u001b[" + expected);
        }
    }

    [TestMethod]
    [DataRow(ColorSystemSupport.NoColors)]
    [DataRow(ColorSystemSupport.Standard)]
    public void Without_enough_colours_there_are_figures_and_no_pictures(ColorSystemSupport colors)
    {
        string drawn = Drawn(Generated(1), colors, width: 60);
        Assert.DoesNotContain("▀", drawn);
        StringAssert.Contains(Regex.Replace(drawn, "\u001b\\[[0-9;]*m", ""), "loss D 0.5, 0:07 left");
        StringAssert.Contains(drawn, "▁█");
    }

    [TestMethod]
    [DataRow(14, 6)]
    [DataRow(13, 0)]
    public void On_a_low_terminal_pictures_are_smaller_or_not_there(int height, int rows) => Assert.AreEqual(rows,
        Drawn(Generated(1), ColorSystemSupport.TrueColor, width: 60, height).Split('\n').Count(row => row.Contains('▀')));

    /// <summary>What xterm says as a VT340, what others may, what lacks the 4, and what is cut short or without a size.</summary>
    [TestMethod]
    [DataRow("\u001b[6;13;6t\u001b[?63;1;2;4;6;9;15;16;22;28c", 6, 13)]
    [DataRow("\u001b[6;20;10t\u001b[?64;1;4c", 10, 20)]
    [DataRow("\u001b[6;20;10t\u001b[?4;6c", 10, 20)]
    [DataRow("\u001b[6;20;10t\u001b[?62;14;22c", 0, 0)]
    [DataRow("\u001b[6;0;0t\u001b[?62;4c", 0, 0)]
    [DataRow("\u001b[6;20;10t\u001b[?62;4", 0, 0)]
    [DataRow("\u001b[?62;4;22c", 0, 0)]
    [DataRow("", 0, 0)]
    public void A_terminal_says_whether_it_draws_sixels(string answer, int width, int height) =>
        Assert.AreEqual(width > 0 ? new SixelCells(width, height) : null, SixelCells.Of(answer));

    [TestMethod]
    public void Sixels_are_the_pictures()
    {
        GeneratedImage[] pictures = Generated(3);
        string drawn = Drawn(pictures, ColorSystemSupport.TrueColor, width: 30, sixels: new SixelCells(10, 20));
        // Eight to one they are 128 high, of at most 128; three of 96 with gaps of 4 are in the terminal's 300.
        (int[,] colors, string after) = SixelDecoder.Decode(drawn);
        Assert.AreEqual((296, 128), (colors.GetLength(0), colors.GetLength(1)));
        StringAssert.StartsWith(after, "\u001b8");
        // That is seven rows of 20, and 22 bands of six.
        Assert.HasCount(7, Regex.Matches(drawn[..drawn.IndexOf("\u001bP", StringComparison.Ordinal)].Split("▁█")[1], "\n"));
        foreach ((int x, int y) in from x in Enumerable.Range(0, 36) from y in Enumerable.Range(0, 16) select (x, y))
        {
            ReadOnlySpan<byte> bgra = pictures[x / 12].Pixels.Slice(((y * 12) + (x % 12)) * 4, 4);
            int left = (x * 8) + (x / 12 * 4);
            // Dithered, a colour is the mean of what is drawn for it.
            double Mean(int shift) => Enumerable.Range(0, 64).Average(i => (colors[left + (i % 8), (y * 8) + (i / 8)] >> shift) & 255);
            Assert.AreEqual(bgra[2], Mean(16), 2, $"red at {x}, {y}");
            Assert.AreEqual(bgra[1], Mean(8), 2, $"green at {x}, {y}");
            Assert.AreEqual(bgra[0], Mean(0), 2, $"blue at {x}, {y}");
        }
        Assert.IsTrue(Enumerable.Range(0, 128).All(y => colors[97, y] == -1), "nothing is drawn between them");

        // Pictures that are higher than the rows are drawn as blocks.
        Assert.DoesNotContain("\u001bP", Drawn(pictures, ColorSystemSupport.TrueColor, width: 30, sixels: new SixelCells(1, 1)));
    }

    /// <summary>A real bash asks the tool, as its script says.</summary>
    [TestMethod]
    [DataRow("dcgan gen", "generate")]
    [DataRow("dcgan train --los", "--loss")]
    [DataRow("dcgan train photos --loss h", "hinge")]
    [DataRow("dcgan train photos --mirror ", "false true")]
    [DataRow("dcgan completion z", "zsh")]
    [DataRow("dcgan train ", "", DisplayName = "files, as bash has them by default")]
    public void Bash_completes(string line, string expected)
    {
        Needs.That(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash, on Linux");
        string said = Complete("bash", line, """
            source ./script
            COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1)
            [[ $1 == *' ' ]] && COMP_WORDS+=('')
            complete -p dcgan | grep -q -- '-o default' || exit 1
            _dcgan dcgan "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
            echo "${COMPREPLY[@]}"
            """);

        Assert.AreEqual(expected, said);
    }

    /// <summary>A real zsh at a terminal of its own asks the tool, when somebody presses Tab.</summary>
    [TestMethod]
    [DataRow("dcgan gen", "dcgan generate")]
    [DataRow("cd . && dcgan train 'my photos' --loss h", "cd . && dcgan train 'my photos' --loss hinge")]
    [DataRow("dcgan train my", "dcgan train my\\ photos/", DisplayName = "files, where the tool knows no word")]
    public void Zsh_completes(string line, string expected)
    {
        Needs.Zsh();
        // Ctrl-X prints the line; what is typed is echoed, and has no "<<".
        string said = Complete("zsh", line, """
            mkdir "my photos"
            zmodload zsh/zpty
            zpty typed zsh -f -i
            zpty -w typed 'PATH='$PATH' PS1= TERM=dumb; autoload -U compinit; compinit -D -u; zstyle ":completion:*" menu no'
            zpty -w typed 'source ./script; show() { print -r "<"\<$BUFFER\>">"; exit }; zle -N show; bindkey ^X show'
            zpty -w -n typed "$1"$'\t\x18'
            zpty -r typed said '*<<*>>*'
            print -r -- ${${said##*<<}%%>>*}
            """);

        Assert.AreEqual(expected, said);
    }

    // What a shell says that has the tool on its path, the tool's script in a file, and a line as its first argument.
    private static string Complete(string shell, string line, string script)
    {
        using var folder = new ToolFolder();
        File.WriteAllText(folder["dcgan"],
            $"#!/bin/sh\nexec \"{Checkout.DotnetPath}\" \"{Path.Combine(AppContext.BaseDirectory, "Microsoft.ML.Dcgan.Tool.dll")}\" \"$@\"\n");
        File.WriteAllText(folder["script"], ToolRun.Done("completion", shell).Output);
        return Checkout.Run("timeout", folder["."], "30", $"/bin/{shell}", "-c", $"chmod +x dcgan\nPATH=$PWD:$PATH\n{script}", shell, line).Trim();
    }

    private static GeneratedImage[] Generated(int count)
    {
        using DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));
        GeneratedImage[] pictures = [.. gan.Generate(count)];
        Assert.AreEqual((12, 16), (pictures[0].Width, pictures[0].Height));
        return pictures;
    }

    private static string Drawn(GeneratedImage[] pictures, ColorSystemSupport colors, int width, int height = 20,
        SixelCells? sixels = null)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colors,
            Out = new AnsiConsoleOutput(text),
            EnvironmentVariables = [],
        });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, height, true);
        console.Write(LongJob.Frame(console, new Text("bar"),
            new JobProgress("training", 0.5, "loss D 0.5", TimeSpan.FromSeconds(7), "D ▁█", pictures), () => sixels));
        return text.ToString();
    }
}
