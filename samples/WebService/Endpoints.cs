using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>What may be asked for.</summary>
internal static class Endpoints
{
    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        byte[] page = Page();
        RouteGroupBuilder pictures = routes.MapGroup("").AddEndpointFilter(Answers.Problems);
        pictures.MapGet("/", () => Results.Bytes(page, "text/html; charset=utf-8"));
        pictures.MapGet("/model", (DcganTransformer gan, Directions directions) => Results.Json(
            new { width = gan.ImageWidth, height = gan.ImageHeight, classes = gan.Classes, directions = directions.Count }));
        pictures.MapGet("/image", (HttpContext context, PictureRequests requests) => requests.Image(context));
        pictures.MapGet("/grid", (HttpContext context, PictureRequests requests) => requests.Grid(context));
        pictures.MapGet("/latent", (HttpContext context, PictureRequests requests) => requests.Latent(context));
    }

    private static byte[] Page()
    {
        using Stream stream = typeof(Endpoints).Assembly.GetManifestResourceStream("page.html")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
