using System;
using System.Collections.Generic;
using System.Globalization;

namespace Microsoft.ML.Dcgan.Benchmarks;

internal sealed record BenchmarkOptions
{
    public const string Help = """
        Usage: ./bench.sh step [options]

          step            one training step: this library's against PyTorch's official example's

          --size N        height and width of the images (64)
          --channels N    1 or 3 (3)
          --batch N       images in a batch (64)
          --maps N        feature maps of both networks at full size (64)
          --rounds N      how often the two take turns (9)
          --steps N       steps in each turn (5)
          --threads N     threads of each (all processors)
          --python FILE   a Python with PyTorch (/usr/bin/python3)
          --script FILE   test/python/dcgan_example.py
        """;

    public int Size { get; init; } = 64;

    public int Channels { get; init; } = 3;

    public int Batch { get; init; } = 64;

    public int Maps { get; init; } = 64;

    public int Rounds { get; init; } = 9;

    public int Steps { get; init; } = 5;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public string Python { get; init; } = "/usr/bin/python3";

    public string Script { get; init; } = "test/python/dcgan_example.py";

    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{name} needs a value");
            options = name switch
            {
                "--size" => options with { Size = Number(name, value) },
                "--channels" => options with { Channels = Number(name, value) },
                "--batch" => options with { Batch = Number(name, value) },
                "--maps" => options with { Maps = Number(name, value) },
                "--rounds" => options with { Rounds = Number(name, value) },
                "--steps" => options with { Steps = Number(name, value) },
                "--threads" => options with { Threads = Number(name, value) },
                "--python" => options with { Python = value },
                "--script" => options with { Script = value },
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
