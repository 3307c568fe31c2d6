using Microsoft.ML.Dcgan.Interop;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganTransformer
{
    /// <summary>Writes the weights as state dictionaries of PyTorch, for <c>torch.load</c> (PyTorch 1.6 and later, with <c>weights_only</c>
    /// or without), under the names of its DCGAN example ("main.0.weight"). An older file stays until the new one is complete.</summary>
    /// <param name="generatorPath">The generator's file, such as "netG.pth".</param>
    /// <param name="discriminatorPath">The discriminator's file; null for none.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="NotSupportedException">A network takes more than 4 GB.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public void ExportPyTorch(string generatorPath, string? discriminatorPath = null) =>
        ExportWeights(generatorPath, discriminatorPath, PyTorchWriter.Write);

    /// <summary>The same as <see cref="ExportPyTorch"/>, as safetensors.</summary>
    /// <inheritdoc cref="ExportPyTorch"/>
    public void ExportSafetensors(string generatorPath, string? discriminatorPath = null) =>
        ExportWeights(generatorPath, discriminatorPath,
            (stream, tensors) => Safetensors.Write(stream, tensors, new Dictionary<string, string> { ["format"] = "pt" }));

    /// <summary>Writes the generator as an ONNX model (operator set 17), for ONNX Runtime, ML.NET's <c>ApplyOnnxModel</c> and others. Input
    /// "noise", float32 [batch, <see cref="NoiseSize"/>]; output "image", float32 [batch, channels, height, width] in [-1, 1]; with classes
    /// an input "label", int64 [batch], from 0. An older file stays until the new one is complete.</summary>
    /// <param name="path">The file, such as "faces.onnx".</param>
    /// <param name="options">Other inputs and outputs; null for these.</param>
    /// <exception cref="ArgumentOutOfRangeException">Two names are the same, or one is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The network takes more than 2 GB.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public void ExportOnnx(string path, DcganOnnxOptions? options = null) =>
        ExportOnnx(path, options, "noise", "image", signature => OnnxGenerator.Images(Networks, Classes, signature));

    private void ExportWeights(string generatorPath, string? discriminatorPath, Action<Stream, IReadOnlyDictionary<string, Tensor>> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(generatorPath);
        CheckUsable();
        Write(generatorPath, Networks.Generator);
        if (discriminatorPath != null)
            Write(discriminatorPath, Networks.Discriminator);

        void Write(string path, nn.Module network) => LibTorchErrors.InOneSentence("Exporting the weights", () =>
        {
            using var scope = NewDisposeScope();
            Dictionary<string, Tensor> tensors = network.state_dict();
            var named = tensors.ToDictionary(entry => StateDictNames.PyTorch(entry.Key, tensors.Keys), entry => entry.Value);
            AtomicFile.Write(path, stream => write(stream, named));
        });
    }
}
