using System;
using System.Globalization;
using System.Linq;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>
/// Two programs that take turns on the same machine: what the machine does besides then slows both, and each round gives a ratio of its own.
/// </summary>
internal static class StepBenchmark
{
    public static void Run(BenchmarkOptions options)
    {
        Print($"one training step, {options.Size}x{options.Size}x{options.Channels}, batch {options.Batch}, {options.Maps} feature maps; {options.Rounds} rounds of {options.Steps} steps each");
        Print($"machine: {Machine.Describe()}");
        foreach (string variable in Machine.Variables())
            Print($"environment: {variable}");

        using var ours = new OurStep(options);
        using var theirs = new PyTorchExample(options);
        Print($"ours:   {ours.Name}");
        Print($"theirs: {theirs.Name} (Debian's would start with one)");

        // The first steps allocate, and pick kernels.
        ours.Train(options.Steps);
        theirs.Train(options.Steps);

        double[] our = new double[options.Rounds], their = new double[options.Rounds];
        for (int round = 0; round < options.Rounds; round++)
        {
            // Whoever goes second may find a warmer processor: they swap.
            if (round % 2 == 0)
                our[round] = Milliseconds(ours, options.Steps);
            their[round] = Milliseconds(theirs, options.Steps);
            if (round % 2 != 0)
                our[round] = Milliseconds(ours, options.Steps);
            Print($"round {round + 1}: ours {our[round]:0.0} ms a step, theirs {their[round]:0.0} ms, ratio {their[round] / our[round]:0.00}");
        }

        double[] ratios = our.Zip(their, (mine, other) => other / mine).ToArray();
        Summarise("ours:  ", our, options.Batch);
        Summarise("theirs:", their, options.Batch);
        Print($"ratios: {ratios.Min():0.00} to {ratios.Max():0.00}; how many times the example's speed ours has:");
        Print($"ratio {Median(ratios):0.00}");
    }

    private static double Milliseconds(IContender contender, int steps) => contender.Train(steps).TotalMilliseconds / steps;

    private static void Summarise(string name, double[] times, int batch) =>
        Print($"{name} median {Median(times):0.0} ms a step, {times.Min():0.0} to {times.Max():0.0}; {1000 * batch / Median(times):0} images a second");

    private static double Median(double[] values)
    {
        double[] sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
