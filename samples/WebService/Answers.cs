using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>From what went wrong to what the client is told.</summary>
internal static class Answers
{
    // Nobody reads it: the client is gone.
    private const int ClientClosedRequest = 499;

    public static async ValueTask<object?> Refusals(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ParameterException wrong)
        {
            return Results.Problem(wrong.Message, statusCode: StatusCodes.Status400BadRequest,
                title: $"The parameter '{wrong.Parameter}' is wrong.",
                extensions: new Dictionary<string, object?> { ["parameter"] = wrong.Parameter });
        }
        catch (BusyException)
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return Results.Problem("Too many pictures are waiting to be generated. Try again in a second.",
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "Busy");
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Results.StatusCode(ClientClosedRequest);
        }
    }
}
