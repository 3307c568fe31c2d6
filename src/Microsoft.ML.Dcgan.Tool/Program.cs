namespace Microsoft.ML.Dcgan.Tool;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return new CommandLineTool(Console.Out, Console.Error, interruption.Token).Run(arguments);
    }
}
