using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>Answers requests for pictures.</summary>
internal sealed class PictureRequests(DcganTransformer gan, Directions directions, GenerationQueue queue, ClientLimits clients,
    ServiceOptions options)
{
    private const int LargestScale = 16;
    private const int LargestSide = 1024;
    private const float LargestMove = 10;

    // More than may wait would never be taken.
    private readonly int _mostPictures = Math.Min(100, options.ClientLimit);

    // GET /image?seed=7: the first picture of gan.Generate(1, seed: 7).
    public Task<IResult> Image(HttpContext context)
    {
        var query = new QueryValues(context.Request.Query);
        int scale = Scale(query);
        return Answer(context, gan.DrawNoise(1, query.Number("seed", 0)), query.Label(gan), images => Png.Of(images[0], scale));
    }

    // GET /grid?count=16&seed=7: the pictures of gan.Generate(16, seed: 7).
    public Task<IResult> Grid(HttpContext context)
    {
        var query = new QueryValues(context.Request.Query);
        int count = query.Number("count", Math.Min(16, _mostPictures), 1, _mostPictures);
        int scale = Scale(query, (int)Math.Ceiling(Math.Sqrt(count)));
        return Answer(context, gan.DrawNoise(count, query.Number("seed", 0)), query.Label(gan), images => Png.Of(images, scale));
    }

    // GET /latent?seed=7&moves=1.5,-2: the picture of that seed, moved along the model's principal directions.
    public Task<IResult> Latent(HttpContext context)
    {
        var query = new QueryValues(context.Request.Query);
        int scale = Scale(query);
        float[] noise = directions.Move(gan.DrawNoise(1, query.Number("seed", 0))[0],
            query.Numbers("moves", directions.Count, LargestMove));
        return Answer(context, [noise], query.Label(gan), images => Png.Of(images[0], scale));
    }

    private async Task<IResult> Answer(HttpContext context, IReadOnlyList<float[]> noise, string? label,
        Func<GeneratedImage[], byte[]> encode)
    {
        clients.Take(context, noise.Count);
        using Order order = await queue.Generate(noise, label, context.RequestAborted);
        byte[] png = encode(order.Pictures);
        // How long reading it may take goes by its size: see ServerLimits.
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        return Results.Bytes(png, "image/png");
    }

    private int Scale(QueryValues query, int columns = 1)
    {
        int most = Math.Clamp(LargestSide / (Math.Max(gan.ImageWidth, gan.ImageHeight) * columns), 1, LargestScale);
        return query.Number("scale", 1, 1, most);
    }
}
