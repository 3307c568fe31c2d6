using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>What the demo says before and after.</summary>
internal static class DemoText
{
    public static void Introduce(DemoOptions options)
    {
        string pictures = options.Images != null ? $"Trains a DCGAN on the pictures of '{options.Images}'"
            : options.IsGrey ? "Unpacks Fashion-MNIST's pictures of clothes, trains a DCGAN on them"
            : $"Draws {options.Count} cartoon faces, trains a DCGAN on them";
        Console.WriteLine($"{pictures} at {options.Size.Width}x{options.Size.Height} pixels,");
        Console.WriteLine("and has a second process generate the same pictures from the saved model.");
        Console.WriteLine("With no options that takes about five minutes on two processor cores; Ctrl-C ends training early and keeps what it has.");
        Console.WriteLine();
    }

    public static void Tell(DemoOptions options, TrainingSummary summary, string zip, string? difference)
    {
        string end = summary.Cancelled ? ", until interrupted" : "";
        Console.WriteLine($"Trained for {Duration.Text(summary.Duration)} on {summary.Images} pictures: {summary.Steps} minibatches{end}.");
        (string Name, string What)[] results =
        [
            ("samples.png", $"{SampleGrid.Pictures} pictures that the generator made of noise; none was picked"),
            ("real.png", "as many training pictures, for comparison"),
            ("training.gif", "how pictures became what they are"),
            ("report.html", "all about the training"),
            (Path.GetFileName(zip), "the model"),
            ("reloaded.png", "what a second process made of the model and the same noise"),
        ];
        int longest = Path.Combine(options.Output, results.MaxBy(result => result.Name.Length).Name).Length;
        foreach ((string name, string what) in results)
            Console.WriteLine($"  {Path.Combine(options.Output, name).PadRight(longest)}   {what}");
        Console.WriteLine(difference == null
            ? "Check passed: reloaded.png equals samples.png, pixel by pixel."
            : $"Check FAILED: reloaded.png does not equal samples.png: {difference}.");
        Console.WriteLine();
        Console.WriteLine(
            $"""
            To go on:
              dotnet run -c Release --project samples/Demo -- --images DIR
                  the same on your own pictures
              dotnet run -c Release --project samples/WebService -- --model {zip}
                  the model as a web page
              docs/getting-started.md
                  the same in a program of your own
            """);
    }
}
