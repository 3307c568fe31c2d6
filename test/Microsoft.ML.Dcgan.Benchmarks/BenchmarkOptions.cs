using System.Globalization;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Benchmarks;

internal sealed record BenchmarkOptions
{
    public const string Help = """
        Usage: dotnet run -c Release --project test/Microsoft.ML.Dcgan.Benchmarks -- BENCHMARK [SEED...] [options]

          step            training steps
          generate        pictures from noise, one at a time and a batch at a time
          files           from a folder of PNG files to the end of one epoch, against PyTorch's example
          precision       the quality of float32 and of bfloat16, as Fréchet distances on Fashion-MNIST 32x32
          quality         the quality of this library's pictures and of PyTorch's example's, trained alike on Fashion-MNIST 32x32,
                          and of this library's on half as many images
          options         the quality with options of the estimator, each --set, beside that with the paper's
          small           the same for a few training pictures, and how many of them are memorised; with augmentation if nothing is --set
          conditional     how often a classifier takes pictures of a class for what was asked, on Fashion-MNIST 32x32
          features        what a linear SVM makes of a discriminator's features of Fashion-MNIST 32x32, and of raw pixels
          realness        what the realness scorer tells apart from Fashion-MNIST 32x32
          memory          a training set larger than memory should be, against a few images
          killed          whether a training that is killed 20 times ends in the weights of one that is not
          metrics         time and memory of the metrics of generated images
          distortions     the metrics of real pictures against distorted ones, as JSON
          health          whether healthy trainings on Fashion-MNIST 32x32 raise no alarm, and trainings built to fail raise the right one
          latent          how well a model of Fashion-MNIST finds the noise of pictures, and pictures of its latent space
          web             the web service of the samples, asked by many clients at once
          all             the first two

        In the first two this library takes turns with the shortest loop that TorchSharp allows, with PyTorch as it is and tuned by
        hand, where it is installed, and with PyTorch's official example on the same libtorch; in step also with a step's convolutions with nothing between them, and with as many
        multiplications and additions in registers, the processor's peak. The last line is its speed over the example's; of quality,
        its Fréchet distance over the example's.
        Of precision, quality, options, small and conditional, what an earlier run left in --out is not done again.

          --size N        height and width of the images (64)
          --channels N    1 or 3 (3)
          --batch N       images in a batch (64; of colour 32)
          --maps N        feature maps of both networks at full size (64; of options, small and conditional 32; of colour 24)
          --rounds N      how often each has its turn (7)
          --steps N       steps, or batches, in each turn (3)
          --threads N     threads of each (all processors)
          --device D      cpu or cuda (cpu), of step, generate and all
          --precision P   this library's: Auto, Float32 or BFloat16 (Auto)
          --seeds N       trainings of precision, in each, and of features and realness; of the others without a SEED (3)
          --images N      images trained on: precision, quality and conditional (120000), options and small (60000; colour 40000)
          --pictures N    training set of features and realness (20000), and of small (200)
          --set SETTINGS  of options, small and conditional, as often as you like: NAME=VALUE,NAME=VALUE... as DcganEstimator.Options
                          has them; flags are joined by +; a wrong name prints all
          --data D        of options and small: fashion, Fashion-MNIST 32x32, or colour, emoji 64x64 (fashion)
          --epochs N      their passes over it (16)
          --labelled N    pictures with labels that features trains the SVM on (10000)
          --out DIR       where all but the speeds leave their files (out/quality)
          --count N       images of the large set (1000000)
          --samples N     of each set, in metrics (50000)
          --features N    numbers of each sample, in metrics (2048)
          --cache DIR     where memory makes its file (the system's temporary folder)
          --folder DIR    the PNG files (out/demo/images)
          --model FILE    the model of latent and web (out/demo/fashion-mnist.zip)
          --inverted N    pictures whose noise latent looks for (100)
          --clients N     of web, at once (200)
          --seconds N     that they ask (60)
          --python FILE   a Python with PyTorch (/usr/bin/python3)
          --scripts DIR   test/python
        """;

    public const string Quality = "quality";

    public const int NoiseSize = 100;

    public int Size { get; init; } = 64;

    public int Channels { get; init; } = 3;

    public int Batch { get; init; } = 64;

    public int Maps { get; init; } = 64;

    public int Rounds { get; init; } = 7;

    public int Steps { get; init; } = 3;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public int Seeds { get; init; } = 3;

    /// <summary>The seeds that were named one by one; none if none was.</summary>
    public IReadOnlyList<int> NamedSeeds { get; init; } = [];

    public int Images { get; init; } = 120_000;

    public int Pictures { get; init; } = 20_000;

    public int Epochs { get; init; } = 16;

    public int Labelled { get; init; } = 10_000;

    public string Output { get; init; } = "out/quality";

    public int Count { get; init; } = 1_000_000;

    public int Samples { get; init; } = 50_000;

    public int Features { get; init; } = 2048;

    public string CacheFolder { get; init; } = System.IO.Path.GetTempPath();

    public string Folder { get; init; } = "out/demo/images";

    public TorchSharp.torch.Device Device { get; init; } = TorchSharp.torch.CPU;

    /// <summary>The networks that step and generate compare, with first weights.</summary>
    public GanNetworks MakeNetworks(TorchSharp.torch.Generator random)
    {
        var networks = new GanNetworks(new NetworkShape(Size, Size, Channels, NoiseSize, Maps, Maps, KernelSize: 4), Device, PrecisionChoice.Choose(Precision, Device));
        networks.Initialize(random);
        return networks;
    }

    public string Model { get; init; } = "out/demo/fashion-mnist.zip";

    public int Inverted { get; init; } = 100;

    public int Clients { get; init; } = 200;

    public int Seconds { get; init; } = 60;

    public string Python { get; init; } = "/usr/bin/python3";

    public string Scripts { get; init; } = "test/python";

    public DcganPrecision Precision { get; init; } = DcganPrecision.Auto;

    /// <summary>fashion or colour: what the benchmarks of quality train on.</summary>
    public string Data { get; init; } = PictureSet.Fashion;

    /// <summary>Each a <see cref="Configuration"/>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public IReadOnlyList<int> SeedList => NamedSeeds.Count > 0 ? [.. NamedSeeds.Distinct()] : [.. Enumerable.Range(1, Seeds)];

    public static BenchmarkOptions Parse(string benchmark, IReadOnlyList<string> arguments)
    {
        bool colour = arguments.SkipWhile(argument => argument != "--data").Skip(1).FirstOrDefault() == PictureSet.Colour;
        BenchmarkOptions options = benchmark switch
        {
            "options" or "small" when colour => new BenchmarkOptions { Images = 40_000, Batch = 32, Maps = 24, Pictures = 200 },
            "options" or "small" => new BenchmarkOptions { Images = 60_000, Maps = 32, Pictures = 200 },
            "conditional" => new BenchmarkOptions { Images = 120_000, Maps = 32 },
            _ => new BenchmarkOptions(),
        };
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (benchmark is Quality or "options" or "small" or "conditional" && !name.StartsWith('-'))
            {
                options = options with { NamedSeeds = [.. options.NamedSeeds, Number(benchmark, name)] };
                continue;
            }

            string value = ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value");
            options = name switch
            {
                "--size" => options with { Size = Number(name, value) },
                "--channels" => options with { Channels = Number(name, value) },
                "--batch" => options with { Batch = Number(name, value) },
                "--maps" => options with { Maps = Number(name, value) },
                "--rounds" => options with { Rounds = Number(name, value) },
                "--steps" => options with { Steps = Number(name, value) },
                "--threads" => options with { Threads = Number(name, value) },
                "--seeds" => options with { Seeds = Number(name, value) },
                "--images" => options with { Images = Number(name, value) },
                "--pictures" => options with { Pictures = Number(name, value) },
                "--epochs" => options with { Epochs = Number(name, value) },
                "--labelled" => options with { Labelled = Number(name, value) },
                "--out" => options with { Output = value },
                "--count" => options with { Count = Number(name, value) },
                "--samples" => options with { Samples = Number(name, value) },
                "--features" => options with { Features = Number(name, value) },
                "--cache" => options with { CacheFolder = value },
                "--folder" => options with { Folder = value },
                "--device" => options with
                {
                    Device = value switch
                    {
                        "cpu" => TorchSharp.torch.CPU,
                        "cuda" when TorchSharp.torch.cuda.is_available() => TorchSharp.torch.CUDA,
                        "cuda" => throw new FormatException("there is no CUDA device here"),
                        _ => throw new FormatException($"--device takes cpu or cuda, not '{value}'"),
                    },
                },
                "--data" => options with { Data = value },
                "--set" => options with { Settings = [.. options.Settings, value] },
                "--model" => options with { Model = value },
                "--inverted" => options with { Inverted = Number(name, value) },
                "--clients" => options with { Clients = Number(name, value) },
                "--seconds" => options with { Seconds = Number(name, value) },
                "--python" => options with { Python = value },
                "--scripts" => options with { Scripts = value },
                "--precision" => options with
                {
                    Precision = Enum.TryParse(value, ignoreCase: true, out DcganPrecision precision) && Enum.IsDefined(precision)
                        ? precision
                        : throw new FormatException($"--precision takes Auto, Float32 or BFloat16, not '{value}'"),
                },
                _ => throw new FormatException($"unknown option '{name}'"),
            };
        }
        return options;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new FormatException($"{name} takes a whole number from 1 up, not '{text}'");
}
