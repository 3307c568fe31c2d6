using System;
using System.Globalization;
using System.Threading;

namespace Microsoft.ML.Dcgan.Samples.Demo;

internal static class Program
{
    private const int WrongUsage = 2;

    private static int Main(string[] arguments)
    {
        try
        {
            if (arguments is [GenerateCommand.Name, var model, var output, var seed])
                return GenerateCommand.Run(model, output, int.Parse(seed, CultureInfo.InvariantCulture));

            DemoOptions options = DemoOptions.Parse(arguments);
            if (options.ShowHelp)
            {
                Console.Write(DemoOptions.Help);
                return 0;
            }

            using var interrupt = new CancellationTokenSource();
            Console.CancelKeyPress += (_, pressed) =>
            {
                // The first one ends the training; a second one ends the program.
                pressed.Cancel = !interrupt.IsCancellationRequested;
                interrupt.Cancel();
            };
            return new TrainCommand(options).Run(interrupt.Token);
        }
        catch (UsageException wrong)
        {
            Console.Error.WriteLine($"demo: {wrong.Message}. (--help lists the options.)");
            return WrongUsage;
        }
    }
}
