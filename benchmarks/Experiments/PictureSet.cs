using Microsoft.ML.Dcgan.Samples.Demo;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>Pictures to train on, with their classes, and pictures held out; as bytes [n, channels, height, width].</summary>
internal sealed class PictureSet : IDisposable
{
    public const string Fashion = "fashion";
    public const string Colour = "colour";
    public const string Faces = "faces";
    private const int Side = 64;
    private const int FacesCount = 4_000;
    private const int HeldOutFaces = 2_000;
    private const int MostSamples = 10_000;
    private const int StackedCount = 60_000;

    private PictureSet(string name, string title, Tensor training, byte[] classes, Tensor heldOut)
    {
        (Name, Title, Training, Classes, HeldOut) = (name, title, training, classes, heldOut);
        Samples = (int)Math.Min(MostSamples, HeldOut.shape[0]);
    }

    public string Name { get; }

    public string Title { get; }

    public Tensor Training { get; }

    /// <summary>Of the training pictures, from 0.</summary>
    public byte[] Classes { get; }

    public Tensor HeldOut { get; }

    /// <summary>How many pictures are generated to be measured: metrics want as many of each.</summary>
    public int Samples { get; private init; }

    /// <summary>The set of --data; the output folder, which keeps what is drawn for it, is made where it is missing.</summary>
    public static PictureSet Open(BenchmarkOptions options)
    {
        Directory.CreateDirectory(options.Output);
        return options.Data switch
        {
            Fashion => new PictureSet(Fashion, "Fashion-MNIST with a border, 32x32x1", FashionMnist.Pictures(FashionMnist.Training),
                FashionMnist.Labels(FashionMnist.Training), FashionMnist.Pictures(FashionMnist.Test)),
            Colour => Emoji(options),
            Faces => CartoonSet(options),
            _ => throw new FormatException($"--data takes {Fashion}, {Colour} or {Faces}, not '{options.Data}'"),
        };
    }

    /// <summary>Grey pictures of Fashion-MNIST by threes, drawn at random, as the channels of one.</summary>
    public static PictureSet Stacked()
    {
        return new PictureSet("stacked", "Fashion-MNIST with a border, stacked, 32x32x3", Stack(FashionMnist.Training, StackedCount), new byte[StackedCount],
            Stack(FashionMnist.Test, MostSamples))
        {
            Samples = 25_600, // as many as in the literature
        };

        static Tensor Stack(string part, int count)
        {
            using Tensor pictures = FashionMnist.Pictures(part);
            using var random = new TorchSharp.torch.Generator(0, CPU);
            using Tensor chosen = randint(0, pictures.shape[0], [count * 3], ScalarType.Int64, generator: random);
            using Tensor drawn = pictures.index_select(0, chosen);
            return drawn.view(count, 3, FashionMnist.Side, FashionMnist.Side).clone();
        }
    }

    /// <summary>How many of the training pictures make up so many images, and how often each is trained on.</summary>
    /// <param name="images">Images trained on.</param>
    /// <param name="most">No more pictures than this.</param>
    public (int Pictures, int Epochs) Passes(int images, int most = int.MaxValue)
    {
        int available = (int)Math.Min(most, Training.shape[0]);
        int epochs = (images + available - 1) / available;
        return (images / epochs, epochs);
    }

    public void Dispose()
    {
        Training.Dispose();
        HeldOut.Dispose();
    }

    private static PictureSet Emoji(BenchmarkOptions options)
    {
        if (!File.Exists(Path.Combine(options.Output, "emoji-test.bytes")))
            Report.Line($"drawn: {PythonScript.Run(options, "emoji.py", options.Output).Single()}");
        return Drawn(options, Colour, "emoji on white, 64x64x3", "emoji");
    }

    // Those of the demo; the first to train on.
    private static PictureSet CartoonSet(BenchmarkOptions options)
    {
        if (!File.Exists(Path.Combine(options.Output, "faces-train.bytes")))
        {
            var faces = CartoonFaces.DrawWithHair(FacesCount + HeldOutFaces)
                .Select(face => (Pixels: JudgedModel.Planes(face.Picture), face.Hair)).ToArray();
            foreach ((string part, Range rows) in new[] { ("test", FacesCount..), ("train", ..FacesCount) })
            {
                KeptRun.Write(Path.Combine(options.Output, $"faces-{part}.classes"), [.. faces[rows].Select(face => face.Hair)]);
                KeptRun.Write(Path.Combine(options.Output, $"faces-{part}.bytes"), [.. faces[rows].SelectMany(face => face.Pixels)]);
            }
        }
        return Drawn(options, Faces, "cartoon faces, 64x64x3", "faces");
    }

    private static PictureSet Drawn(BenchmarkOptions options, string name, string title, string files)
    {
        return new PictureSet(name, title, Pictures("train"),
            File.ReadAllBytes(Path.Combine(options.Output, $"{files}-train.classes")), Pictures("test"));

        Tensor Pictures(string part)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(options.Output, $"{files}-{part}.bytes"));
            return tensor(bytes, [bytes.Length / (3 * Side * Side), 3, Side, Side]);
        }
    }
}
