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
        pictures.MapGet("/model", (PictureQueries queries) => Results.Json(queries.Model));
        MapPicture("/image", (queries, values) => queries.Image(values));
        MapPicture("/grid", (queries, values) => queries.Grid(values));
        MapPicture("/latent", (queries, values) => queries.Latent(values));

        void MapPicture(string path, Func<PictureQueries, QueryValues, PictureQuery> what) =>
            pictures.MapGet(path, (HttpContext context, PictureRequests requests) => requests.Answer(context, what));
    }

    private static byte[] Page()
    {
        using Stream stream = typeof(Endpoints).Assembly.GetManifestResourceStream("page.html")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
