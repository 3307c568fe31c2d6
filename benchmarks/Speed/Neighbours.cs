using System.Diagnostics;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>What is left of this library's speed beside another process: one busy thread, or the same work.</summary>
internal static class Neighbours
{
    // In a neighbour's environment: what it does until it is killed.
    private const string Role = "DCGAN_NEIGHBOUR";
    private const string Loop = "loop";
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(4);

    public static double? Run(BenchmarkOptions options)
    {
        (string Name, int Images, Func<Library, TimeSpan> Work)[] tasks =
        [
            ("training", options.Batch * options.Steps, library => library.Train(options.Steps)),
            ($"{options.Batch} at a time", options.Batch * options.Steps * 5, library => library.Generate(options.Batch, options.Steps * 5)),
            ("one at a time", 200, library => library.Generate(1, 200)),
        ];
        string? role = Environment.GetEnvironmentVariable(Role);
        while (role == Loop)
        {
        }

        using var library = new Library(options);
        if (tasks.FirstOrDefault(task => task.Name == role).Work is { } own)
        {
            while (true)
                own(library);
        }
        Report.Line($"{options.Size}x{options.Size}x{options.Channels}, batch {options.Batch}, {options.Maps} feature maps; {library.Details}; {options.Rounds} rounds");
        foreach ((string name, int images, Func<Library, TimeSpan> work) in tasks)
        {
            work(library);
            string?[] neighbours = [null, Loop, name];
            double[][] speeds = [.. neighbours.Select(_ => new double[options.Rounds])];
            for (int round = 0; round < options.Rounds; round++)
            {
                for (int i = 0; i < neighbours.Length; i++)
                    speeds[i][round] = images / Beside(neighbours[i], () => work(library)).TotalSeconds;
            }
            double[] medians = [.. speeds.Select(Comparison.Median)];
            Report.Line($"  {name,-16} {medians[0]:0} images a second; beside a busy loop {medians[1]:0} ({medians[1] / medians[0]:P0}, {Spread(speeds[1])}), beside the same {medians[2]:0} ({medians[2] / medians[0]:P0}, {Spread(speeds[2])})");
        }
        return null;
    }

    private static TimeSpan Beside(string? neighbour, Func<TimeSpan> work)
    {
        if (neighbour == null)
            return work();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] arguments = Environment.GetCommandLineArgs();
        IEnumerable<string> own = Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" ? arguments : arguments[1..];
        foreach (string argument in own)
            start.ArgumentList.Add(argument);
        start.Environment[Role] = neighbour;
        using Process other = Process.Start(start)!;
        try
        {
            Thread.Sleep(_warmUp);
            work();
            return work();
        }
        finally
        {
            other.Kill();
            other.WaitForExit();
        }
    }

    private static string Spread(double[] values) => $"{values.Min():0} to {values.Max():0}";
}
