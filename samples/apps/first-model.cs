#:project ../../src/Microsoft.ML.Dcgan/Microsoft.ML.Dcgan.csproj
#:property PublishAot=false

using Microsoft.ML;
using Microsoft.ML.Dcgan;

string zip = args[0];
using var gan = (DcganTransformer)new MLContext().Model.Load(zip, out _);
new ImageGrid(gan.Generate(8, seed: 7), columns: 8).Save("/tmp/app/x.png");
System.Console.WriteLine("ok");
