#:project ../../src/Microsoft.ML.Dcgan/Microsoft.ML.Dcgan.csproj
#:property PublishAot=false

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan;

// From Python, and back

// The outputs below were made with the networks of the example, trained for two epochs on half of Fashion-MNIST: `python3 benchmarks/python/dcgan_samples.py --maps 16 --batch 64 --epochs 2 --pictures 30000 --weights out/from-python /tmp/samples`.
string generatorFile = "../../out/from-python/netG.pth";
string discriminatorFile = "../../out/from-python/netD.pth";
string output = "../../out/from-python";

// Import
var ml = new MLContext();
if (!File.Exists(generatorFile))
    throw new FileNotFoundException($"There is no '{generatorFile}'. Name a state dictionary of the example's generator, or make one with the command above.");
DcganTransformer gan = ml.Model.ImportDcgan(generatorFile, discriminatorFile);
Console.WriteLine($"{gan.ImageWidth}x{gan.ImageHeight}, {gan.Channels} channel(s), {gan.NoiseSize} numbers of noise");
new ImageGrid(gan.Generate(32, seed: 7), columns: 16).Save("from-python-1.png");
Console.WriteLine("from-python-1.png");

// The example never leaves training mode: it normalises each minibatch by the minibatch's own statistics. Here, as in every ML.NET transformer, a row's result depends on that row alone, so the running statistics are used, as PyTorch does after `netG.eval()`.
ml.Model.Save(gan, gan.SampleNoise(1).Schema, Path.Combine(output, "model.zip"));
var again = (DcganTransformer)ml.Model.Load(Path.Combine(output, "model.zip"), out _);

IDataView generated = again.Transform(again.SampleNoise(16, seed: 7));
new ImageGrid(generated.GetColumn<MLImage>("Generated"), columns: 16).Save("from-python-2.png");
Console.WriteLine("from-python-2.png");

// And back
gan.ExportPyTorch(Path.Combine(output, "again-netG.pth"), Path.Combine(output, "again-netD.pth"));
gan.ExportSafetensors(Path.Combine(output, "netG.safetensors"), Path.Combine(output, "netD.safetensors"));
gan.ExportOnnx(Path.Combine(output, "generator.onnx"));
foreach (string name in new[] { "again-netG.pth", "again-netD.pth", "netG.safetensors", "netD.safetensors", "generator.onnx" })
    Console.WriteLine($"{name,-18} {new FileInfo(Path.Combine(output, name)).Length / 1e6:0.00} MB");

// In Python:
