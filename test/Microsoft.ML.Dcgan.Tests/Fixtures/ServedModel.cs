using System.Net;
using System.Net.Sockets;
using Microsoft.ML.Dcgan.Tool;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary><c>dcgan serve</c> in this process, on a port that was free.</summary>
internal sealed class ServedModel : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly FirstLine _output = new();
    private readonly StringWriter _errors = new();
    private readonly Task<int> _running;

    public ServedModel(string model, int? port = null)
    {
        Port = port ?? FreePort();
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://localhost:{Port}/"),
            Timeout = _patience,
        };
        _running = Task.Run(() => new CommandLineTool(_output, _errors, _stop.Token).Run(["serve", model, "--port", $"{Port}"]));
        // It may end without a line.
        Task.WaitAny([_output.Written, _running], _patience);
        Assert.IsFalse(_running.IsCompleted, _errors.ToString());
    }

    public int Port { get; }

    public HttpClient Client { get; }

    /// <summary>Interrupts it, as Ctrl-C does.</summary>
    public ToolRun Stop()
    {
        _stop.Cancel();
        return new ToolRun(_running.WaitAsync(_patience).Result, _output.ToString(), _errors.ToString());
    }

    public void Dispose()
    {
        Stop();
        Client.Dispose();
        _stop.Dispose();
    }

    /// <summary>Starts it, and interrupts it as soon as it answers.</summary>
    public static ToolRun Once(string model)
    {
        using var served = new ServedModel(model);
        Assert.AreEqual(HttpStatusCode.OK, served.Client.GetAsync("").Result.StatusCode);
        return served.Stop();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Tells when there is one.</summary>
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            _written.TrySetResult();
        }
    }
}
