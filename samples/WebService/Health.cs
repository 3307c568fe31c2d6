using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>What probes ask: whether to start the service anew (live), and whether to send it requests (ready).</summary>
internal static class Health
{
    private const string Live = "live", Ready = "ready";

    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<GeneratingCheck>("generating", tags: [Live, Ready])
        .AddCheck<TakingCheck>("taking requests", tags: [Ready]);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        foreach (string tag in new[] { Live, Ready })
            routes.MapHealthChecks($"/health/{tag}", new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag) });
        routes.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = Write });
    }

    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status == HealthStatus.Healthy ? "healthy" : "unhealthy",
        waiting = context.RequestServices.GetRequiredService<GenerationQueue>().Waiting,
    });

    private sealed class GeneratingCheck(GenerationQueue queue) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
            Task.FromResult(queue.IsBroken ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
    }

    private sealed class TakingCheck(GenerationQueue queue) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
            Task.FromResult(queue.IsStopping || queue.IsFull ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
    }
}
