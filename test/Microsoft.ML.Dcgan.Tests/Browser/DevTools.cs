using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Tests.Browser;

/// <summary>Chromium's own protocol: numbered commands in JSON, their answers, and events in between.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _unanswered = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = [];
    private readonly Action<string, JsonNode> _happened;
    private Task _receiving = Task.CompletedTask;
    private int _sent;

    private DevTools(Action<string, JsonNode> happened) => _happened = happened;

    /// <param name="address">A page's, from ws: on.</param>
    /// <param name="happened">Is told of each event: its name, such as "Page.loadEventFired", and what it says.</param>
    public static async Task<DevTools> Connect(string address, Action<string, JsonNode> happened)
    {
        var tools = new DevTools(happened);
        tools._socket.Options.Proxy = null;
        await tools._socket.ConnectAsync(new Uri(address), CancellationToken.None).WaitAsync(_patience);
        tools._receiving = tools.Receive();
        return tools;
    }

    /// <summary>Sends a command, and returns what it answers.</summary>
    /// <exception cref="InvalidOperationException">Chromium refuses it.</exception>
    public async Task<JsonNode> Send(string command, JsonObject? arguments = null)
    {
        int id = Interlocked.Increment(ref _sent);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _unanswered[id] = answer;
        var message = new JsonObject { ["id"] = id, ["method"] = command, ["params"] = arguments ?? [] };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true,
            CancellationToken.None);
        JsonNode said = await answer.Task.WaitAsync(_patience);
        return said["error"] is { } error ? throw new InvalidOperationException($"{command}: {error["message"]}") : said["result"]!;
    }

    /// <summary>What to wait for, asked for before what makes it happen.</summary>
    public Task Next(string happening) =>
        _awaited.GetOrAdd(happening, _ =>
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(_patience);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
    }

    private async Task Receive()
    {
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(message.GetMemory(1 << 16), CancellationToken.None);
            message.Advance(part.Count);
            if (!part.EndOfMessage)
                continue;
            JsonNode said = JsonNode.Parse(message.WrittenSpan)!;
            message.ResetWrittenCount();
            if ((int?)said["id"] is { } id && _unanswered.TryRemove(id, out TaskCompletionSource<JsonNode>? answered))
                answered.SetResult(said);
            else if ((string?)said["method"] is { } happening)
                Tell(happening, said["params"]!);
        }
    }

    private void Tell(string happening, JsonNode what)
    {
        _happened(happening, what);
        if (_awaited.TryRemove(happening, out TaskCompletionSource? awaited))
            awaited.SetResult();
    }
}
