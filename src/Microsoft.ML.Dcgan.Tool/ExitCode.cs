namespace Microsoft.ML.Dcgan.Tool;

internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>What shells say of a program that Ctrl-C ended.</summary>
    public const int Interrupted = 130;
}
