using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>What no browser sends. The web service refuses it, or hangs up, and serves others all the while.</summary>
[TestClass]
public sealed class HostileRequestTests
{
    private static HostedService _service = null!;

    [ClassInitialize]
    public static void Start(TestContext _) => _service = HostedService.Start("--queue", "200");

    [ClassCleanup]
    public static async Task Stop()
    {
        await _service.Stop();
        Assert.IsEmpty(_service.Log);
        await _service.DisposeAsync();
    }

    [TestMethod]
    [DataRow("\u0016\u0003\u0001\u0002 garbage\r\n\r\n", "400")]
    [DataRow("GET /image HTTP/1.1\r\n\r\n", "400", DisplayName = "no host")]
    [DataRow("GET /image HTTP/9.9\r\nHost: a\r\n\r\n", "505")]
    [DataRow("GET /image?seed=%00 HTTP/1.1\r\nHost: a\r\n\r\n", "400")]
    [DataRow("GET /image HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "400")]
    [DataRow("POST /image HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "405")]
    [DataRow("GET /grid?count=2147483647 HTTP/1.1\r\nHost: a\r\n\r\n", "400")]
    public async Task It_is_refused(string request, string status)
    {
        string answer = await Answer(_service, Encoding.Latin1.GetBytes(request), closes: false);
        StringAssert.StartsWith(answer, $"HTTP/1.1 {status} ");
        await Serves();
    }

    [TestMethod]
    public async Task What_is_too_large_is_refused()
    {
        string seed = new('1', 3000), header = new('a', 20_000);
        StringAssert.StartsWith(await Answer($"GET /image?seed={seed} HTTP/1.1\r\nHost: a\r\n\r\n"), "HTTP/1.1 414 ");
        StringAssert.StartsWith(await Answer($"GET /image HTTP/1.1\r\nHost: a\r\nX: {header}\r\n\r\n"), "HTTP/1.1 431 ");
        string many = string.Concat(Enumerable.Range(0, 65).Select(i => $"X{i}: 1\r\n"));
        StringAssert.StartsWith(await Answer($"GET /image HTTP/1.1\r\nHost: a\r\n{many}\r\n"), "HTTP/1.1 431 ");
        await Serves();
    }

    // All of them at once, so that there may be time for whole requests on a busy machine.
    [TestMethod]
    public async Task Half_a_request_is_hung_up_on()
    {
        await using HostedService service = HostedService.Start(
            "--Kestrel:Limits:RequestHeadersTimeout", "00:00:03", "--Kestrel:Limits:KeepAliveTimeout", "00:00:03");
        string[] halves = ["", "GET /ima", "GET /image HTTP/1.1\r\nHost: a\r\nX-Sl"];
        Task<string>[] answers = [.. halves.Select(half => Answer(service, Encoding.ASCII.GetBytes(half), closes: true))];
        Assert.AreEqual(HttpStatusCode.OK, (await service.Client.GetAsync("image")).StatusCode);
        foreach (string text in await Task.WhenAll(answers))
            Assert.IsTrue(text.Length == 0 || text.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), text);
        await service.Stop();
        Assert.IsEmpty(service.Log);
    }

    [TestMethod]
    public async Task A_client_that_reads_nothing_holds_up_nobody()
    {
        var silent = new List<Socket>();
        for (int i = 0; i < 20; i++)
        {
            Socket client = await OwnAddress.Connect(IPAddress.Parse("127.0.0.3"), EndPoint(_service));
            client.ReceiveBufferSize = 1024;
            await client.SendAsync(Encoding.ASCII.GetBytes("GET /grid?count=100&scale=12 HTTP/1.1\r\nHost: a\r\n\r\n"));
            silent.Add(client);
        }
        await Serves();
        silent.ForEach(client => client.Close(0));
        await _service.Idle();
    }

    private static IPEndPoint EndPoint(HostedService service) => new(IPAddress.Loopback, service.Address.Port);

    private static Task<string> Answer(string request) => Answer(_service, Encoding.ASCII.GetBytes(request), closes: true);

    // All that it sends until it hangs up, or, where it may go on, one answer's beginning.
    private static async Task<string> Answer(HostedService service, byte[] request, bool closes)
    {
        using Socket client = await OwnAddress.Connect(IPAddress.Loopback, EndPoint(service));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await client.SendAsync(request, patience.Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await client.ReceiveAsync(buffer, patience.Token) is > 0 and int count)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (!closes)
                    break;
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Hung up while part of the request was unread.
        }
        return answer.ToString();
    }

    private static async Task Serves() => Assert.AreEqual(HttpStatusCode.OK, (await _service.Client.GetAsync("image")).StatusCode);
}
