using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>The service, put together.</summary>
internal static class PictureService
{
    private static readonly TimeSpan _lastAnswers = TimeSpan.FromSeconds(5);

    public static WebApplicationBuilder CreateBuilder(string[] arguments)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(arguments);
        builder.Configuration.AddCommandLine(arguments, ServiceOptions.Switches);
        return builder;
    }

    /// <param name="builder">Made by <see cref="CreateBuilder"/>.</param>
    /// <param name="options">Read from its configuration.</param>
    /// <param name="gan">The model, which the service disposes.</param>
    public static WebApplication Build(WebApplicationBuilder builder, ServiceOptions options, DcganTransformer gan)
    {
        IServiceCollection services = builder.Services;
        // The container disposes what it makes, the model last of all.
        services.AddSingleton(_ => gan);
        services.AddSingleton(container => Generator(container.GetRequiredService<DcganTransformer>()));
        services.AddSingleton(options);
        services.AddSingleton(container => new PictureQueries(container.GetRequiredService<DcganTransformer>(), options.ClientLimit));
        services.AddSingleton<ClientLimits>();
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<GenerationQueue>();
        services.AddSingleton<PictureRequests>();
        services.AddHostedService(container => container.GetRequiredService<GenerationQueue>());
        // Its own time to serve who waits, and then some for the answers to be read.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Shutdown + _lastAnswers);
        services.AddServerLimits(builder.Configuration, options);
        services.AddHealth();
        services.AddProblemDetails();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // A request that is refused is not worth a line, nor is a probe that is told so.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.Timeouts", LogLevel.Error);

        WebApplication service = builder.Build();
        service.UseExceptionHandler();
        service.UseStatusCodePages();
        service.UseRequestTimeouts();
        service.MapHealth();
        service.MapPictures();
        return service;
    }

    public static PictureGenerator Generator(DcganTransformer gan) => (noise, labels) =>
        gan.Classes.Count == 0 ? gan.Generate(noise) : gan.Generate(noise, labels!);
}
