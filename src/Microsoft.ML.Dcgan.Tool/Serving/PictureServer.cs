using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Samples.WebService;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Serving;

/// <summary>Makes a picture of each noise vector, of the classes named if the model has classes.</summary>
internal delegate IReadOnlyList<GeneratedImage> PictureGenerator(IReadOnlyList<float[]> noise, IReadOnlyList<string>? labels);

/// <summary>A model's pictures, and a page to explore them with, for this machine alone: requests from elsewhere do not arrive, nor
/// are those answered that name another host, as a page does whose own name was made to mean this machine.</summary>
internal sealed class PictureServer : IDisposable
{
    // Of requests, which may ask for a grid each. One minibatch is generated at a time: libtorch takes all processors for it.
    private const int MostAtOnce = 8;
    private const int LongestAddress = 2048;
    private const string Problem = "application/problem+json";
    private static readonly TimeSpan _lastAnswers = TimeSpan.FromSeconds(2);

    private readonly PictureQueries _queries;
    private readonly PictureGenerator _generate;
    private readonly Action<string> _note;
    private readonly byte[] _page = Page();
    private readonly HttpListener _listener = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly SemaphoreSlim _generating = new(1);

    /// <summary>Listens. The first requests wait until <see cref="Serve"/> answers.</summary>
    /// <param name="gan">The model, which stays the caller's.</param>
    /// <param name="generate">Makes its pictures, called for one request at a time.</param>
    /// <param name="port">Of this machine.</param>
    /// <param name="note">Takes what went wrong.</param>
    /// <exception cref="HttpListenerException">The port is not to be had.</exception>
    public PictureServer(DcganTransformer gan, PictureGenerator generate, int port, Action<string> note)
    {
        (_queries, _generate, _note) = (new PictureQueries(gan), generate, note);
        foreach (string host in new[] { "localhost", "127.0.0.1" })
            _listener.Prefixes.Add($"http://{host}:{port}/");
        _listener.Start();
    }

    /// <summary>Answers until that is cancelled; requests under way then still have theirs.</summary>
    public async Task Serve(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync().WaitAsync(cancellation);
                bool hasPlace = _places.Wait(0, CancellationToken.None);
                _ = Task.Run(() => Answer(context, hasPlace), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // The listener still listens, so that the answers under way arrive.
            }
        }
        Task all = Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ => _places.WaitAsync(CancellationToken.None)));
        await Task.WhenAny(all, Task.Delay(_lastAnswers, CancellationToken.None));
        // Some may not read theirs. Nothing is generated from here on: the model may be disposed.
        await _generating.WaitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _listener.Close();
        _generating.Dispose();
        _places.Dispose();
    }

    private async Task Answer(HttpListenerContext context, bool hasPlace)
    {
        try
        {
            (int status, string type, byte[] body) = hasPlace ? await Answer(context.Request)
                : Refusal(503, "Busy", "Too many pictures are asked for at once. Try again in a second.");
            HttpListenerResponse response = context.Response;
            (response.StatusCode, response.ContentType, response.ContentLength64) = (status, type, body.Length);
            // What else it may have sent is not read.
            response.KeepAlive = !context.Request.HasEntityBody;
            await response.OutputStream.WriteAsync(body);
            response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // Nobody waits for it any more.
            context.Response.Abort();
        }
        finally
        {
            if (hasPlace)
                _places.Release();
        }
    }

    private async Task<(int Status, string Type, byte[] Body)> Answer(HttpListenerRequest request)
    {
        if (request.HttpMethod != "GET")
            return Refusal(405, "Method not allowed", $"All is asked for by GET, not by {request.HttpMethod}.");
        if (request.RawUrl!.Length > LongestAddress)
            return Refusal(414, "Too long", $"An address may have {LongestAddress} letters.");
        try
        {
            var values = new QueryValues(name => request.QueryString[name]);
            return request.Url!.AbsolutePath switch
            {
                "/" => (200, "text/html; charset=utf-8", _page),
                "/model" => (200, "application/json", Encoding.UTF8.GetBytes(_queries.Model.ToJsonString())),
                "/image" => await Picture(_queries.Image(values)),
                "/grid" => await Picture(_queries.Grid(values)),
                "/latent" => await Picture(_queries.Latent(values)),
                var other => Refusal(404, "Not found", $"There is no '{other}' here, but /, /model, /image, /grid and /latent."),
            };
        }
        catch (ParameterException wrong)
        {
            return Refusal(400, $"The parameter '{wrong.Parameter}' is wrong.", wrong.Message, wrong.Parameter);
        }
        catch (Exception failure)
        {
            _note(ErrorMessage.Of(failure));
            return Refusal(500, "Failed", "The pictures could not be generated.");
        }
    }

    private async Task<(int, string, byte[])> Picture(PictureQuery query)
    {
        await _generating.WaitAsync();
        GeneratedImage[] images;
        try
        {
            images = [.. _generate(query.Noise, query.Label is { } label ? [.. query.Noise.Select(_ => label)] : null)];
        }
        finally
        {
            _generating.Release();
        }
        return (200, "image/png", query.Encode(images));
    }

    private static (int, string, byte[]) Refusal(int status, string title, string detail, string? parameter = null)
    {
        var problem = new JsonObject { ["title"] = title, ["status"] = status, ["detail"] = detail };
        if (parameter != null)
            problem["parameter"] = parameter;
        return (status, Problem, Encoding.UTF8.GetBytes(problem.ToJsonString()));
    }

    private static byte[] Page()
    {
        using Stream stream = typeof(PictureServer).Assembly.GetManifestResourceStream("page.html")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
