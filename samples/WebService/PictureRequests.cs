using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>Answers requests for pictures.</summary>
internal sealed class PictureRequests(PictureQueries queries, GenerationQueue queue, ClientLimits clients)
{
    public async Task<IResult> Answer(HttpContext context, Func<PictureQueries, QueryValues, PictureQuery> what)
    {
        PictureQuery query = what(queries, new QueryValues(name => context.Request.Query[name]));
        clients.Take(context, query.Noise.Count);
        using Order order = await queue.Generate(query.Noise, query.Label, context.RequestAborted);
        byte[] png = query.Encode(order.Pictures);
        // How long reading it may take goes by its size: see ServerLimits.
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        return Results.Bytes(png, "image/png");
    }
}
