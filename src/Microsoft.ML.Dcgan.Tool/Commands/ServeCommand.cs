using System.CommandLine;
using System.Net;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Serving;

namespace Microsoft.ML.Dcgan.Tool.Commands;

using Command = System.CommandLine.Command; // not ML.NET's namespace

internal sealed class ServeCommand : IToolCommand
{
    private readonly Argument<string?> _model = new("MODEL")
    {
        Description = "A model zip; by default the only one here, or in a folder right below.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _port = new("--port")
    {
        DefaultValueFactory = _ => 5080,
        Description = "Where the page is on this machine, which alone is answered.",
        HelpName = "N",
    };

    public ServeCommand() => Command = new Command("serve", "Shows a page to explore a model with, in a browser.") { _model, _port };

    public Command Command { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "dcgan serve run/model.zip                a page with sliders, until Ctrl-C",
        "dcgan serve --port 8080",
    ];

    public int Run(ParseResult arguments, CommandOutput output, CancellationToken cancellation)
    {
        int port = arguments.GetValue(_port);
        if (port is < 1 or > IPEndPoint.MaxPort)
            throw new UsageException($"--port takes a whole number from 1 to {IPEndPoint.MaxPort}, not {port}");
        string model = arguments.GetValue(_model) ?? ModelPath.OnlyIn(".");
        using DcganTransformer gan = ModelPath.LoadGenerator(output.Context(), model);
        using PictureServer server = Listen(gan, port, output);
        string address = $"http://localhost:{port}/";
        output.Line($"{model} is at {address} until Ctrl-C");
        output.Result(new { Address = address, Model = Path.GetFullPath(model) });
        server.Serve(cancellation).GetAwaiter().GetResult();
        throw new OperationCanceledException(cancellation);
    }

    private static PictureServer Listen(DcganTransformer gan, int port, CommandOutput output)
    {
        try
        {
            return new PictureServer(gan, gan.Generate, port, output.Note);
        }
        catch (HttpListenerException failure)
        {
            throw new UsageException($"port {port} is not to be had ({failure.Message}): take another, such as "
                + $"--port {(port < IPEndPoint.MaxPort ? port + 1 : port - 1)}");
        }
    }
}
