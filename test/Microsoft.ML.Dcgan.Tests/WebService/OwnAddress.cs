using System.Net;
using System.Net.Sockets;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>
/// Clients on this machine that the web service takes for different ones: all of 127.0.0.0/8 is here, on Linux and Windows.
/// </summary>
internal static class OwnAddress
{
    public static async Task<Socket> Connect(IPAddress from, EndPoint to, CancellationToken cancellation = default)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(to, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static SocketsHttpHandler Handler(IPAddress from) => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellation) => new NetworkStream(await Connect(from,
            new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), cancellation), ownsSocket: true),
    };
}
