using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.ML.Dcgan.Tests.WebService;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>Does to a web service, over and over, one of the things that no honest client does. All share an address.</summary>
internal sealed class HostileClient(int number, int port)
{
    private const string Heavy = "GET /grid?count=100 HTTP/1.1\r\nHost: a\r\n\r\n";
    private static readonly IPAddress _address = IPAddress.Parse("127.0.0.66");
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _drip = TimeSpan.FromSeconds(1);

    private static readonly string[] _wrong =
    [
        "image?seed=cat", "image?scale=-1", "image?label=%00", "grid?count=0", "latent?moves=NaN", "latent?moves=1,2,3,4,5,6,7", "../etc",
    ];

    private readonly Random _random = new(number);

    private Func<Socket, CancellationToken, Task>[] Attacks =>
    [
        ReadSlowly,
        (socket, end) => Send(socket, Garbage(), end),
        SendSlowly,
        (socket, end) => Send(socket, $"GET /image HTTP/1.1\r\nHost: a\r\nX: {new string('a', 1 << 20)}\r\n\r\n", end),
        (socket, end) => Send(socket, $"GET /{_wrong[_random.Next(_wrong.Length)]} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", end),
        Reset,
        (socket, end) => Send(socket, $"GET /image?seed={new string('1', 100_000)} HTTP/1.1\r\nHost: a\r\n\r\n", end),
        (socket, end) => Send(socket, "GET /grid?count=1000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", end),
        (socket, end) => Send(socket, Heavy.Replace("Host: a", "Host: a\r\nConnection: close"), end),
    ];

    /// <returns>How often it did so until the end.</returns>
    public async Task<long> Attack(CancellationToken end)
    {
        Func<Socket, CancellationToken, Task> attack = Attacks[number % Attacks.Length];
        for (long count = 0; ; count++)
        {
            try
            {
                using Socket socket = await OwnAddress.Connect(_address, new IPEndPoint(IPAddress.Loopback, port), end);
                await attack(socket, end);
                await Task.Delay(_pause, end);
            }
            catch (SocketException)
            {
                // Hung up on, as it should be.
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    private byte[] Garbage()
    {
        var bytes = new byte[_random.Next(1, 5000)];
        _random.NextBytes(bytes);
        return [.. bytes, .. "\r\n\r\n"u8];
    }

    private static Task Send(Socket socket, string request, CancellationToken end) => Send(socket, Encoding.ASCII.GetBytes(request), end);

    // And reads what comes back, to its end.
    private static async Task Send(Socket socket, byte[] request, CancellationToken end)
    {
        await socket.SendAsync(request, end);
        var buffer = new byte[1 << 16];
        while (await socket.ReceiveAsync(buffer, end) > 0)
            continue;
    }

    private static async Task ReadSlowly(Socket socket, CancellationToken end)
    {
        socket.ReceiveBufferSize = 1;
        await socket.SendAsync(Encoding.ASCII.GetBytes(Heavy), end);
        while (await socket.ReceiveAsync(new byte[1], end) > 0)
            await Task.Delay(_drip, end);
    }

    private static async Task SendSlowly(Socket socket, CancellationToken end)
    {
        await socket.SendAsync("GET /image HTTP/1.1\r\nHost: a\r\nX: "u8.ToArray(), end);
        while (true)
        {
            await Task.Delay(_drip, end);
            await socket.SendAsync("a"u8.ToArray(), end);
        }
    }

    private async Task Reset(Socket socket, CancellationToken end)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(Heavy), end);
        if (_random.Next(2) == 0)
            await socket.ReceiveAsync(new byte[100], end);
        socket.Close(0);
    }
}
