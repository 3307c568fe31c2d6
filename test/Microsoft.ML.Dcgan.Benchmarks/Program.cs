using System;
using System.Linq;
using Microsoft.ML.Dcgan.Benchmarks;

try
{
    if (args.Length == 0 || args.Contains("--help") || args.Contains("-h"))
        Console.WriteLine(BenchmarkOptions.Help);
    else if (args[0] == "step")
        StepBenchmark.Run(BenchmarkOptions.Parse(args.Skip(1).ToArray()));
    else
        throw new FormatException($"there is no benchmark '{args[0]}'");
    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"bench: {wrong.Message}");
    Console.Error.WriteLine(BenchmarkOptions.Help);
    return 2;
}
