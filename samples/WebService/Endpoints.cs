using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>What may be asked for.</summary>
internal static class Endpoints
{
    private const int MostPictures = 100;
    private const int LargestScale = 16;
    private const int LargestSide = 2048;
    private const float LargestMove = 10;

    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        byte[] page = Page();
        RouteGroupBuilder pictures = routes.MapGroup("").AddEndpointFilter(Answers.Refusals);
        pictures.MapGet("/", () => Results.Bytes(page, "text/html; charset=utf-8"));
        pictures.MapGet("/health", (GenerationQueue queue) => Results.Json(new { status = "healthy", waiting = queue.Waiting }));
        pictures.MapGet("/model", (DcganTransformer gan, Directions directions) => Results.Json(
            new { width = gan.ImageWidth, height = gan.ImageHeight, classes = gan.Classes, directions = directions.Count }));
        pictures.MapGet("/image", Image);
        pictures.MapGet("/grid", Grid);
        pictures.MapGet("/latent", LatentImage);
    }

    // GET /image?seed=7: the first picture of gan.Generate(1, seed: 7).
    private static Task<IResult> Image(HttpContext context, DcganTransformer gan, GenerationQueue queue)
    {
        var query = new QueryValues(context.Request.Query);
        int scale = Scale(query, gan);
        return Answer(context, queue, gan.DrawNoise(1, query.Number("seed", 0)), query.Label(gan), images => Png.Of(images[0], scale));
    }

    // GET /grid?count=16&seed=7: the pictures of gan.Generate(16, seed: 7).
    private static Task<IResult> Grid(HttpContext context, DcganTransformer gan, GenerationQueue queue)
    {
        var query = new QueryValues(context.Request.Query);
        int count = query.Number("count", 16, 1, MostPictures), scale = Scale(query, gan, (int)Math.Ceiling(Math.Sqrt(count)));
        return Answer(context, queue, gan.DrawNoise(count, query.Number("seed", 0)), query.Label(gan), images => Png.Of(images, scale));
    }

    // GET /latent?seed=7&moves=1.5,-2: the picture of that seed, moved along the model's principal directions.
    private static Task<IResult> LatentImage(HttpContext context, DcganTransformer gan, GenerationQueue queue, Directions directions)
    {
        var query = new QueryValues(context.Request.Query);
        int scale = Scale(query, gan);
        float[] noise = directions.Move(gan.DrawNoise(1, query.Number("seed", 0))[0],
            query.Numbers("moves", directions.Count, LargestMove));
        return Answer(context, queue, [noise], query.Label(gan), images => Png.Of(images[0], scale));
    }

    private static async Task<IResult> Answer(HttpContext context, GenerationQueue queue, IReadOnlyList<float[]> noise, string? label,
        Func<GeneratedImage[], byte[]> encode) =>
        Results.Bytes(encode(await queue.Generate(noise, label, context.RequestAborted)), "image/png");

    private static int Scale(QueryValues query, DcganTransformer gan, int columns = 1)
    {
        int most = Math.Clamp(LargestSide / (Math.Max(gan.ImageWidth, gan.ImageHeight) * columns), 1, LargestScale);
        return query.Number("scale", 1, 1, most);
    }

    private static byte[] Page()
    {
        using Stream stream = typeof(Endpoints).Assembly.GetManifestResourceStream("page.html")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
