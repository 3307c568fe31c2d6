using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.ML;
using Microsoft.ML.Dcgan;
using Microsoft.ML.Dcgan.Samples.WebService;

// Pictures of a saved model over HTTP, and a page to explore it with:
//   dotnet run -c Release --project samples/WebService -- --model out/demo/faces.zip --urls http://localhost:5000
const int WrongUsage = 2;
try
{
    WebApplicationBuilder builder = PictureService.CreateBuilder(args);
    ServiceOptions options = ServiceOptions.From(builder.Configuration);
    PictureService.Build(builder, options, Load(options.Model)).Run();
    return 0;
}
catch (Exception wrong) when (wrong is ConfigurationException or IOException)
{
    // Such as an address that is in use.
    Console.Error.WriteLine($"web service: {wrong.Message}");
    return WrongUsage;
}

static DcganTransformer Load(string path)
{
    if (!File.Exists(path))
        throw new ConfigurationException($"There is no model '{path}'. Make one with samples/Demo, or name one with --model.");
    try
    {
        return (DcganTransformer)new MLContext().Model.Load(path, out _);
    }
    catch (Exception failure) when (failure is FormatException or InvalidCastException or InvalidDataException)
    {
        throw new ConfigurationException($"'{path}' is not a saved DcganTransformer: {failure.Message}");
    }
}
