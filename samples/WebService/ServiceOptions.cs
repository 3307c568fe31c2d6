using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>What is set on the command line (--model FILE), in the environment (DCGAN__MODEL) or in appsettings.json (Dcgan: { Model }).</summary>
/// <param name="Model">The saved model.</param>
/// <param name="QueueLength">Pictures that may wait at once; who asks for more is told to come back.</param>
/// <param name="BatchSize">Pictures that are generated together, at most.</param>
internal sealed record ServiceOptions(string Model, int QueueLength, int BatchSize)
{
    private const string Section = "Dcgan:";

    /// <summary>What the command line calls them, and the configuration.</summary>
    public static IDictionary<string, string> Switches { get; } =
        new[] { "model", "queue", "batch" }.ToDictionary(name => $"--{name}", name => Section + name);

    public static ServiceOptions From(IConfiguration configuration) => new(
        configuration[Section + "model"] ?? "out/demo/faces.zip",
        Number(configuration, "queue", 512),
        Number(configuration, "batch", 32));

    private static int Number(IConfiguration configuration, string name, int byDefault) => configuration[Section + name] is not { } text
        ? byDefault
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new ConfigurationException($"--{name} takes a whole number from 1 up, not '{text}'.");
}

/// <summary>Settings that the service cannot start with. The message is for whoever starts it.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
