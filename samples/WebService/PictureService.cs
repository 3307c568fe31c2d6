using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>The service, put together.</summary>
internal static class PictureService
{
    public static WebApplicationBuilder CreateBuilder(string[] arguments)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(arguments);
        builder.Configuration.AddCommandLine(arguments, ServiceOptions.Switches);
        return builder;
    }

    /// <param name="builder">Made by <see cref="CreateBuilder"/>.</param>
    /// <param name="options">Read from its configuration.</param>
    /// <param name="gan">The model, which the service disposes.</param>
    /// <param name="generate">In place of the model, where tests have one.</param>
    public static WebApplication Build(WebApplicationBuilder builder, ServiceOptions options, DcganTransformer gan,
        PictureGenerator? generate = null)
    {
        IServiceCollection services = builder.Services;
        // The container disposes what it makes, the model last of all.
        services.AddSingleton(_ => gan);
        services.AddSingleton(container => generate ?? Generator(container.GetRequiredService<DcganTransformer>()));
        services.AddSingleton(options);
        services.AddSingleton<Directions>();
        services.AddSingleton<ClientLimits>();
        services.AddSingleton<GenerationQueue>();
        services.AddSingleton<PictureRequests>();
        services.AddHostedService(container => container.GetRequiredService<GenerationQueue>());
        services.AddServerLimits(builder.Configuration, options);
        services.AddProblemDetails();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // A request that is refused is not worth a line.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.Timeouts", LogLevel.Error);

        WebApplication service = builder.Build();
        service.UseExceptionHandler();
        service.UseStatusCodePages();
        service.UseRequestTimeouts();
        service.MapPictures();
        return service;
    }

    private static PictureGenerator Generator(DcganTransformer gan) => (noise, labels) =>
        gan.Classes.Count == 0 ? gan.Generate(noise) : gan.Generate(noise, labels!);
}
