using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>What one address may ask for at once, so that its large grids leave room in the queue for others.</summary>
internal sealed class ClientLimits(ServiceOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _byAddress = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
        RateLimitPartition.GetConcurrencyLimiter(context.Connection.RemoteIpAddress ?? IPAddress.None,
            _ => new ConcurrencyLimiterOptions { PermitLimit = options.ClientLimit, QueueLimit = 0 }));

    /// <summary>Counts pictures until the answer is sent, however slowly the client reads it.</summary>
    /// <exception cref="RefusedException">They are too many.</exception>
    public void Take(HttpContext context, int pictures)
    {
        RateLimitLease taken = _byAddress.AttemptAcquire(context, pictures);
        context.Response.RegisterForDispose(taken);
        if (!taken.IsAcquired)
            throw new RefusedException(Refusal.ClientLimit);
    }

    public void Dispose() => _byAddress.Dispose();
}
