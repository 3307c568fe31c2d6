using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tests.Tool;

[TestClass]
public sealed class PictureFolderTests : IDisposable
{
    private readonly ToolFolder _folder = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Every_ending_that_is_read_is_taken_and_others_are_named()
    {
        foreach (string name in new[] { "a.png", "b.JPG", "c.jpeg", "d.jfif", "e.jpe", "f.bmp", "g.dib", "h.gif", "i.WebP" })
            Write($"in/{name}");
        foreach (string name in new[] { "1.tif", "2.TIF", "3.heic", "notes", ".hidden.png" })
            Write($"in/{name}");

        Assert.AreEqual("a.png b.JPG c.jpeg d.jfif e.jpe f.bmp g.dib h.gif i.WebP", Names(Find("in")));
        CollectionAssert.AreEqual(
            new[] { "passed over, as no pictures that can be read: 2 .tif, 1 without an ending, 1 .heic" }, _notes);
    }

    // What the loader reads, whatever the file is called.
    [TestMethod]
    public void What_is_taken_is_read()
    {
        string reference = Path.Combine(AppContext.BaseDirectory, "Reference");
        Directory.CreateDirectory(_folder["in"]);
        (string, string)[] files = [("pictures/grey.jpg", "a.jfif"), ("shown/rgba.webp", "b.webp"), ("shown/palette.gif", "c.gif")];
        foreach ((string file, string name) in files)
            File.Copy(Path.Combine(reference, file), _folder[$"in/{name}"]);

        ToolRun run = ToolRun.Done(["train", "--images", _folder["in"], "--out", _folder["out"], "--epochs", "1", "--json", .. ToolRun.Small]);
        Assert.AreEqual(3, (int)run.Json["images"]!);
        StringAssert.Contains(run.Errors, "2 of 3 pictures read for column 'Image' are transparent, at least in part: #FFFFFF is behind them");
    }

    [TestMethod]
    public void Each_real_folder_is_taken_once()
    {
        foreach (string name in new[] { "in/a/1.png", "in/a/2.png", "in/b/3.png", "elsewhere/4.png" })
            Write(name);
        Link("in/loop", _folder["in"]);
        // By itself at first: for what several lead to, followed blindly, there is no memory.
        Assert.AreEqual("1.png 2.png 3.png", Names(Find("in")));
        _notes.Clear();
        Link("in/a/up", "..");
        Link("in/0", _folder["in/b"]);
        Link("in/c", _folder["elsewhere"]);
        Link("in/d", _folder["in/c"]);
        Link("in/above", _folder["."]);

        Assert.AreEqual("a/1.png a/2.png b/3.png c/4.png", string.Join(' ', Find("in").Select(picture => $"{picture.Label}/{Name(picture)}")));
        Assert.HasCount(1, _notes);
        foreach (string name in new[] { "loop", "up", "0", "above" })
            StringAssert.Contains(_notes[0], $"{Path.DirectorySeparatorChar}{name}");
    }

    [TestMethod]
    public void Results_of_other_trainings_are_left_out_unless_they_are_asked_for()
    {
        foreach (string name in new[] { "in/1.png", "in/run/samples.png", "in/run/run.json", "in/run/samples/2.png", "in/out/3.png" })
            Write(name);

        Assert.AreEqual("1.png", Names(PictureFolder.Find(_folder["in"], _notes.Add, without: _folder["in/out"])));
        CollectionAssert.AreEqual(new[] { $"passed over, as they are results of trainings: {_folder["in/run"]}" }, _notes);
        Assert.AreEqual("2.png", Names(PictureFolder.Find(_folder["in/run/samples"], _notes.Add)));
    }

    [TestMethod]
    public void A_folder_that_may_not_be_read_is_named()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Permissions as Linux has them.");
        else
        {
            string pictures = _folder.Pictures(), closed = Path.Combine(pictures, "right");
            File.SetUnixFileMode(closed, UnixFileMode.None);
            // Root may read everything, until that is taken from it.
            string[] asOthers = Environment.UserName == "root" ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
            ToolRun run = ToolRun.InProcess(null, null, asOthers,
                ["train", "--images", pictures, "--out", _folder["out"], "--dry-run", .. ToolRun.Small]);
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Assert.AreEqual(ExitCode.Done, run.Code, run.Errors);
            StringAssert.Contains(run.Errors, $"passed over, as you have no permission to read them: {closed}");
            StringAssert.StartsWith(run.Output, "6 pictures");
        }
    }

    [TestMethod]
    public void No_class_is_lost_where_not_all_pictures_are_taken()
    {
        for (int i = 0; i < 40; i++)
            Write($"in/a/{i}.png");
        Write("in/b/1.png");
        Write("in/c/1.png");

        IReadOnlyList<Picture> found = PictureFolder.Find(_folder["in"], _notes.Add, 5, labels: true);
        Assert.AreEqual("a 3, b 1, c 1", string.Join(", ",
            found.CountBy(picture => picture.Label).OrderBy(known => known.Key).Select(known => $"{known.Key} {known.Value}")));
        CollectionAssert.AreEqual(found.ToArray(), PictureFolder.Find(_folder["in"], _notes.Add, 5, labels: true).ToArray());
        StringAssert.Contains(
            Assert.ThrowsExactly<UsageException>(() => PictureFolder.Find(_folder["in"], _notes.Add, 2, labels: true)).Message,
            "--count 2 is less than there are classes, 3");
    }

    private IReadOnlyList<Picture> Find(string name, bool? labels = null) =>
        PictureFolder.Find(_folder[name], _notes.Add, labels: labels ?? Directory.Exists(_folder[$"{name}/a"]));

    private static string Names(IEnumerable<Picture> pictures) => string.Join(' ', pictures.Select(Name));

    private static string Name(Picture picture) => Path.GetFileName(picture.Path);

    private void Link(string name, string target) => Directory.CreateSymbolicLink(_folder[name], target);

    private void Write(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], "");
    }
}
