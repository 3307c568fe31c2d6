using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>From what went wrong to what the client is told: 4xx and 503 of what was refused, 500 of what failed.</summary>
internal static class Answers
{
    public static async ValueTask<object?> Problems(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ParameterException wrong)
        {
            Count(context.HttpContext, "parameter");
            return Results.Problem(wrong.Message, statusCode: StatusCodes.Status400BadRequest,
                title: $"The parameter '{wrong.Parameter}' is wrong.",
                extensions: new Dictionary<string, object?> { ["parameter"] = wrong.Parameter });
        }
        catch (RefusedException refused)
        {
            return Refused(context.HttpContext, refused.Refusal);
        }
        catch (GenerationException failed)
        {
            // Whose reason is in the log, once for its minibatch.
            return Results.Problem(failed.Message, statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    public static Task TimedOut(HttpContext context) => Refused(context, Refusal.Timeout).ExecuteAsync(context);

    private static IResult Refused(HttpContext context, Refusal refusal)
    {
        Count(context, refusal.Reason);
        context.Response.Headers.RetryAfter = Refusal.RetryAfterSeconds;
        return Results.Problem(refusal.Detail, statusCode: refusal.Status, title: refusal.Title);
    }

    private static void Count(HttpContext context, string reason) =>
        context.RequestServices.GetRequiredService<ServiceMetrics>().Refused(reason);
}
