using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Training;
using Microsoft.ML.Dcgan.Training;
using SkiaSharp;

namespace Microsoft.ML.Dcgan.Tests.Fuzzing;

/// <summary>Files that are nearly right, and command lines that are nearly so. By default some hundreds of each;
/// <c>DCGAN_FUZZ_SECONDS=600 DCGAN_FUZZ_SEED=7 dotnet test --filter FuzzTests</c> goes on for as long with each, from input
/// <c>DCGAN_FUZZ_FIRST</c>.</summary>
[TestClass]
public sealed class FuzzTests
{
    private static readonly MLContext _ml = new(seed: 1);
    private static readonly int _seed = int.Parse(Environment.GetEnvironmentVariable("DCGAN_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);
    private static readonly int _first = int.Parse(Environment.GetEnvironmentVariable("DCGAN_FUZZ_FIRST") ?? "0", CultureInfo.InvariantCulture);
    private static readonly int? _seconds =
        Environment.GetEnvironmentVariable("DCGAN_FUZZ_SECONDS") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private readonly ToolFolder _folder = new();

    public TestContext TestContext { get; set; } = null!;

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    public void Pictures_without_checksums() => Try(Of(isPng: false, _ => null), 1_000);

    // Every byte up to the end is in a chunk with a checksum. A chunk that is gone altogether can say how the picture is turned.
    [TestMethod]
    public void Png_pictures() => Try(Of(isPng: true, image =>
    {
        int[] pixels = MemoryMarshal.Cast<byte, int>(image.Pixels).ToArray();
        Array.Sort(pixels);
        return MemoryMarshal.AsBytes<int>(pixels).ToArray();
    }), 1_000);

    [TestMethod]
    public void Model_files_inspected() => Try(new FuzzTarget("model.zip", [Model()], path =>
    {
        DcganModelFile.Inspect(path);
        return null;
    }), 500);

    [TestMethod]
    public void Model_files_loaded() => Try(new FuzzTarget("loaded.zip", [Model()], path =>
    {
        using var gan = (DcganTransformer)_ml.Model.Load(path, out _);
        return gan.Generate(1)[0].Pixels.ToArray();
    }, NamesTheFile: false), 150);

    [TestMethod]
    public void Weights_of_PyTorch() => Try(new FuzzTarget("netG.pth", [File.ReadAllBytes(Folder.Reference("netG.pth"))], path =>
    {
        using DcganTransformer gan = _ml.Model.ImportDcgan(path);
        return gan.Generate(1)[0].Pixels.ToArray();
    }), 200);

    [TestMethod]
    public void Weights_in_safetensors()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        gan.ExportSafetensors(_folder["g.safetensors"]);
        Try(new FuzzTarget("weights.safetensors", [File.ReadAllBytes(_folder["g.safetensors"])], path =>
        {
            _ml.Model.ImportDcgan(path).Dispose();
            return null;
        }), 200);
    }

    [TestMethod]
    public void Checkpoints()
    {
        InterruptedTraining.Run(_ml, _folder["checkpoints"]);
        byte[] known = File.ReadAllBytes(Directory.GetFiles(_folder["checkpoints"], "minibatch-*")[0]);
        Try(new FuzzTarget("x.checkpoint", [known], path => Encoding.UTF8.GetBytes(Checkpoint.Read(path).Fingerprint)), 500);
    }

    [TestMethod]
    public void Runs_of_the_tool()
    {
        ToolRun.Of(new CancellationToken(canceled: true),
            ["train", "--images", _folder.Pictures(), "--out", _folder["run"], "--epochs", "1", .. ToolRun.Small]);
        byte[] known = File.ReadAllBytes(_folder["run/run.json"]);
        string folder = Directory.CreateDirectory(_folder["fuzzed"]).FullName;
        Try(new FuzzTarget("fuzzed", [known], path =>
        {
            File.Copy(path, Path.Combine(folder, RunFile.FileName), overwrite: true);
            try
            {
                RunFile.Read(folder).ToOptions();
            }
            catch (UsageException told)
            {
                throw new FormatException(told.Message + path);
            }
            catch (FormatException told) when (told.Message.Contains(RunFile.FileName))
            {
                throw new FormatException(told.Message + path);
            }
            return null;
        }), 500);
    }

    [TestMethod]
    public void Command_lines()
    {
        string pictures = _folder.Pictures(4), model = _folder.Model();
        string[] words = [.. new[] { "train", "resume", "generate", "interpolate", "export", "evaluate", "inspect", "completion", "bash", "--images",
            "--out", "--size", "--count", "--seed", "--dry-run", "--json", "--label", "--grid", "--bad-images", "--background", "--features", "--epochs",
            "--learning-rate", "--channels", "--batch-size", "--device", "--loss", "--augmentation", "--verbose", "--help", "--", "-", "" },
            pictures, model, _folder["none"], "0", "-1", "1", "8", "0,5", "1e400", "NaN", "8x8", "99999999999", "cpu", "cuda", "stop", "skip",
            "hinge", "white", "FFFFFF", "@file", "\0", "é\u202e", "'", "--size=8", "--epochs=", "[stop]"];
        var clock = Stopwatch.StartNew();
        int tried = 0;
        for (; _seconds is int seconds ? clock.Elapsed.TotalSeconds < seconds : tried < 500; tried++)
        {
            int number = _first + tried;
            var random = new Random(_seed * 1_000_003 + number);
            string[] line = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => words[random.Next(words.Length)])];
            // Nothing is trained: it may be well-formed.
            if (line[0] == "train")
                line = [.. line, "--dry-run"];
            var one = Stopwatch.StartNew();
            ToolRun run = ToolRun.Of(line);
            string what = $"seed {_seed}, line {number}: {string.Join(' ', line)}\n{run.Errors}";
            Assert.IsTrue(run.Code is ExitCode.Done or ExitCode.Failed or ExitCode.WrongUsage, what);
            if (run.Code != ExitCode.Done)
                Assert.IsTrue(run.Errors.Split('\n').Any(error => error.StartsWith("dcgan: ")), what);
            foreach (string internals in new[] { "System.", "NullReference", "   at ", "Parameter '" })
                Assert.IsFalse(!line.Contains("--verbose") && run.Errors.Contains(internals), what);
        }
        TestContext.WriteLine($"{tried} command lines");
    }

    private static FuzzTarget Of(bool isPng, Func<MLImage, byte[]?> read) => new("picture",
        [.. Directory.GetFiles(Folder.Reference("../pictures")).Concat(Directory.GetFiles(Folder.Reference("../shown")))
            .Where(path => !path.EndsWith(".tif")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            .Where(bytes => bytes.AsSpan(1).StartsWith("PNG"u8) == isPng)],
        path =>
        {
            using MLImage image = ImageFile.Read(path, File.ReadAllBytes(path), SKColors.White, size: null, out _);
            return read(image);
        })
    {
        // Some bytes can declare pixels of 1 GiB, which take 1.3 s.
        Longest = TimeSpan.FromSeconds(2),
    };

    private byte[] Model() => File.ReadAllBytes(_folder.Model());

    private void Try(FuzzTarget target, int count)
    {
        (int tried, List<string> faults) = target.Run(_seed, _first, _seconds == null ? count : int.MaxValue,
            TimeSpan.FromSeconds(_seconds ?? 60), Directory.CreateDirectory(_folder["fuzz"]).FullName);
        TestContext.WriteLine($"{tried} inputs, {faults.Count} faults");
        Assert.IsEmpty(faults, string.Join('\n', faults.Take(5)));
    }
}
