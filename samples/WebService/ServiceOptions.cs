using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>
/// What is set on the command line (--model FILE), in the environment (DCGAN__MODEL) or in appsettings.json (Dcgan: { Model }).
/// </summary>
/// <param name="Model">The saved model.</param>
/// <param name="QueueLength">Pictures that may wait at once; who asks for more is told to come back.</param>
/// <param name="BatchSize">Pictures that are generated together, at most.</param>
/// <param name="ClientLimit">Pictures that one address may have asked for at once.</param>
/// <param name="Timeout">How long a request may wait for its pictures.</param>
/// <param name="Shutdown">How long those who wait are served when the service ends.</param>
internal sealed record ServiceOptions(string Model, int QueueLength, int BatchSize, int ClientLimit, TimeSpan Timeout, TimeSpan Shutdown)
{
    private const string Section = "Dcgan:";
    private const double LongestSeconds = 3600;

    /// <summary>What the command line calls them, and the configuration.</summary>
    public static IDictionary<string, string> Switches { get; } = new[] { "model", "queue", "batch", "client", "timeout", "shutdown" }
        .ToDictionary(name => $"--{name}", name => Section + name);

    public static ServiceOptions From(IConfiguration configuration)
    {
        int queue = Number(configuration, "queue", 512);
        return new(configuration[Section + "model"] ?? "out/demo/faces.zip", queue, Number(configuration, "batch", 32),
            Math.Min(queue, Number(configuration, "client", 128)), Seconds(configuration, "timeout", 30),
            Seconds(configuration, "shutdown", 20));
    }

    private static int Number(IConfiguration configuration, string name, int byDefault) => configuration[Section + name] is not { } text
        ? byDefault
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new ConfigurationException($"--{name} takes a whole number from 1 up, not '{text}'.");

    private static TimeSpan Seconds(IConfiguration configuration, string name, double byDefault) => TimeSpan.FromSeconds(
        configuration[Section + name] is not { } text ? byDefault
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            && seconds <= LongestSeconds ? seconds
        : throw new ConfigurationException($"--{name} takes seconds, more than 0 and up to {LongestSeconds}, not '{text}'."));
}

/// <summary>Settings that the service cannot start with. The message is for whoever starts it.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
