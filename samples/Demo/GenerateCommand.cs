using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>What another program does with a saved model: load it, and make pictures from noise.</summary>
internal static class GenerateCommand
{
    public const string Name = "generate";

    private const int Count = 64;

    /// <summary>In this process.</summary>
    public static int Run(string model, string output, int seed)
    {
        var ml = new MLContext();
        using var gan = (DcganTransformer)ml.Model.Load(model, out _);
        Save(gan, output, seed);
        return 0;
    }

    public static void Save(DcganTransformer gan, string output, int seed)
    {
        IReadOnlyList<MLImage> images = gan.Generate(Count, seed);
        new ImageGrid(images).Save(output);
        foreach (MLImage image in images)
            image.Dispose();
    }

    /// <summary>In a process of its own.</summary>
    public static void RunElsewhere(string model, string output, int seed)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(GenerateCommand).Assembly.Location);
        foreach (string argument in new[] { Name, model, output, seed.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);

        using Process process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The second process ended with exit code {process.ExitCode}.");
    }
}
