using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>Pictures to train on, with their classes, and pictures held out; as bytes [n, channels, height, width].</summary>
internal sealed class PictureSet : IDisposable
{
    public const string Fashion = "fashion";
    public const string Colour = "colour";
    private const int EmojiSide = 64;
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
            _ => throw new FormatException($"--data takes {Fashion} or {Colour}, not '{options.Data}'"),
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
        return new PictureSet(Colour, "emoji on white, 64x64x3", Pictures("train"),
            File.ReadAllBytes(Path.Combine(options.Output, "emoji-train.classes")), Pictures("test"));

        Tensor Pictures(string part)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(options.Output, $"emoji-{part}.bytes"));
            return tensor(bytes, [bytes.Length / (3 * EmojiSide * EmojiSide), 3, EmojiSide, EmojiSide]);
        }
    }
}
