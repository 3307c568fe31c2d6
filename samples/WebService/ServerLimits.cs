using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>Limits on size, number and time, fit for short GET requests. All but time to wait may be set as ASP.NET Core's are.</summary>
internal static class ServerLimits
{
    private const int LongestRequestLine = 2048;
    private const int LargestHeaders = 16 * 1024;
    private const int MostHeaders = 64;
    private const int MostConnections = 1024;
    private const double SlowestReader = 4096;
    private static readonly TimeSpan _headersTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _idleTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _readerGrace = TimeSpan.FromSeconds(5);

    public static void AddServerLimits(this IServiceCollection services, IConfiguration configuration, ServiceOptions options)
    {
        services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;
            KestrelServerLimits limits = server.Limits;
            limits.MaxRequestLineSize = LongestRequestLine;
            limits.MaxRequestHeadersTotalSize = LargestHeaders;
            limits.MaxRequestHeaderCount = MostHeaders;
            limits.MaxRequestBodySize = 0;
            limits.MaxConcurrentConnections = MostConnections;
            limits.RequestHeadersTimeout = _headersTime;
            limits.KeepAliveTimeout = _idleTime;
            limits.MinResponseDataRate = new MinDataRate(SlowestReader, _readerGrace);
        });
        services.Configure<KestrelServerOptions>(configuration.GetSection("Kestrel"));
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = options.Timeout,
            TimeoutStatusCode = Refusal.Timeout.Status,
            WriteTimeoutResponse = Answers.TimedOut,
        });
    }
}
