using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>What the command line asks for.</summary>
internal sealed record DemoOptions
{
    public static string Help
    {
        get
        {
            using var text = new StreamReader(typeof(DemoOptions).Assembly.GetManifestResourceStream("help.txt")!);
            return text.ReadToEnd();
        }
    }

    public string? Images { get; init; }

    public string FashionMnist { get; init; } = "/usr/share/datasets/fashion-mnist";

    public int Width { get; init; }

    public int Height { get; init; }

    public int Channels { get; init; }

    public int? Count { get; init; }

    public int Epochs { get; init; }

    public int BatchSize { get; init; } = 64;

    public int FeatureMaps { get; init; }

    public int Evaluate { get; init; } = 40_000;

    public int Seed { get; init; } = 1;

    public bool SkipBad { get; init; }

    public string Output { get; init; } = "out/demo";

    /// <summary>Goes on from the checkpoints of a run that was interrupted.</summary>
    public bool Resume { get; init; }

    public bool ShowHelp { get; init; }

    public static DemoOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DemoOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (name is "--help" or "-h")
                return options with { ShowHelp = true };

            if (name == "--resume")
            {
                options = options with { Resume = true };
                continue;
            }

            string Value() => ++i < arguments.Count ? arguments[i] : throw new UsageException($"{name} needs a value");
            options = name switch
            {
                "--images" => options with { Images = Value() },
                "--fashion-mnist" => options with { FashionMnist = Value() },
                "--size" => options.WithSize(Value()),
                "--channels" => options with { Channels = Number(name, Value()) },
                "--count" => options with { Count = Number(name, Value()) },
                "--epochs" => options with { Epochs = Number(name, Value()) },
                "--batch" => options with { BatchSize = Number(name, Value()) },
                "--maps" => options with { FeatureMaps = Number(name, Value()) },
                "--evaluate" => options with { Evaluate = Number(name, Value(), minimum: 0) },
                "--seed" => options with { Seed = Number(name, Value(), minimum: int.MinValue) },
                "--skip-bad" => options with { SkipBad = true },
                "--out" => options with { Output = Value() },
                _ => throw new UsageException($"unknown option '{name}'"),
            };
        }
        return options.WithDefaults();
    }

    private DemoOptions WithDefaults()
    {
        bool fashion = Images == null;
        int size = fashion ? 32 : 64;
        return this with
        {
            Width = Width > 0 ? Width : size,
            Height = Height > 0 ? Height : size,
            Channels = Channels > 0 ? Channels : fashion ? 1 : 3,
            Count = Count ?? (fashion ? 20_000 : null),
            Epochs = Epochs > 0 ? Epochs : fashion ? 16 : 25,
            FeatureMaps = FeatureMaps > 0 ? FeatureMaps : fashion ? 32 : 64,
        };
    }

    private DemoOptions WithSize(string text)
    {
        string[] sides = text.ToLowerInvariant().Split('x');
        if (sides.Length > 2)
            throw new UsageException($"--size takes a number or WIDTHxHEIGHT, not '{text}'");
        return this with { Width = Number("--size", sides[0], minimum: 8), Height = Number("--size", sides[^1], minimum: 8) };
    }

    private static int Number(string name, string text, int minimum = 1) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum
            ? number
            : throw new UsageException(minimum > int.MinValue ? $"{name} takes a whole number from {minimum} up, not '{text}'" : $"{name} takes a whole number, not '{text}'");
}

/// <summary>A command line, or a data set, that the demo can't work with. The message is for the person at the keyboard.</summary>
internal sealed class UsageException(string message) : Exception(message);
