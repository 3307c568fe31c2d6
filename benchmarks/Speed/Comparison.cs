namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>
/// Programs that take turns on one machine: what the machine does besides then slows all, and each round gives ratios of
/// its own. The first contender is compared with each other one.
/// </summary>
internal sealed class Comparison(IReadOnlyList<IContender> contenders, int rounds)
{
    /// <param name="task">What is compared.</param>
    /// <param name="images">How many images a measurement is about.</param>
    /// <param name="measure">Does the work once.</param>
    /// <returns>How many times as fast as each other contender the first is, medians, in their order.</returns>
    public IReadOnlyList<double> Run(string task, int images, Func<IContender, TimeSpan> measure)
    {
        double[][] seconds = Seconds(measure);
        Report.Line($"{task}; {rounds} rounds");
        var medians = new List<double>();
        for (int i = 0; i < contenders.Count; i++)
        {
            double[] ratios = seconds[i].Zip(seconds[0], (theirs, ours) => theirs / ours).ToArray();
            string compared = i == 0 ? "" : FormattableString.Invariant(
                $"; ours is {Median(ratios):0.00} times as fast, {ratios.Min():0.00} to {ratios.Max():0.00}");
            Report.Line($"  {contenders[i].Name,-24} {images / Median(seconds[i]),7:0.0} images a second, {images / seconds[i].Max():0.0} to {images / seconds[i].Min():0.0}{compared}");
            if (i > 0)
                medians.Add(Median(ratios));
        }
        return medians;
    }

    /// <returns>Each contender's seconds, a round after the other.</returns>
    public double[][] Seconds(Func<IContender, TimeSpan> measure)
    {
        // The first time allocates, and picks kernels.
        foreach (IContender contender in contenders)
            measure(contender);

        var random = new Random(1);
        double[][] seconds = contenders.Select(_ => new double[rounds]).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            // A turn depends on whose was before it: a warm processor is found, or one where another program's threads still spin.
            int[] order = Enumerable.Range(0, contenders.Count).ToArray();
            random.Shuffle(order);
            foreach (int i in order)
                seconds[i][round] = measure(contenders[i]).TotalSeconds;
        }
        return seconds;
    }

    public static double Median(double[] values)
    {
        double[] sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>One side of a comparison.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>Versions and settings that its times depend on.</summary>
    string Details { get; }

    /// <summary>Trains some steps and returns how long they took.</summary>
    TimeSpan Train(int steps);

    /// <summary>Generates some batches of images and returns how long they took.</summary>
    TimeSpan Generate(int batch, int batches);
}
