using System.Diagnostics;
using Microsoft.ML.Dcgan.Tool;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>The demo once more, in a process of its own: it has nothing but the model's file, and should draw the same pictures.</summary>
internal static class SecondProcess
{
    /// <summary>Of the noise in the grids.</summary>
    public const int NoiseSeed = 7;

    /// <summary>Starts it, waits for it, and returns how its pictures differ from the first process's; null: not at all.</summary>
    public static string? Differs(string zip, string samples, (int Width, int Height) size)
    {
        string reloaded = Reloaded(zip), host = Environment.ProcessPath!;
        File.Delete(reloaded);
        // Started as "dotnet Demo.dll", the program is dotnet's.
        string[] command = [.. Path.GetFileNameWithoutExtension(host) == "dotnet" ? (string[])[typeof(SecondProcess).Assembly.Location]
            : [], "--reload", zip];
        using Process process = Process.Start(new ProcessStartInfo(host, command))!;
        process.WaitForExit();
        return process.ExitCode == ExitCode.Done ? SampleGrid.Difference(samples, reloaded, size.Width, size.Height)
            : $"the second process ended with exit code {process.ExitCode}";
    }

    /// <summary>What the second process does.</summary>
    public static int Draw(string zip)
    {
        using var gan = (DcganTransformer)new MLContext().Model.Load(zip, out _);
        SampleGrid.Save(gan.Transform(gan.SampleNoise(SampleGrid.Pictures, NoiseSeed)), "Generated", Reloaded(zip));
        return ExitCode.Done;
    }

    public static string Reloaded(string zip) => Path.Combine(Path.GetDirectoryName(zip)!, "reloaded.png");
}
