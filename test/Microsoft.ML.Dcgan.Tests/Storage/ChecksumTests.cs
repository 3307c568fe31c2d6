namespace Microsoft.ML.Dcgan.Tests.Storage;

/// <summary>A bit that flips on a disk: .NET's zip reader compares no checksum.</summary>
[TestClass]
public sealed class ChecksumTests
{
    private static readonly string[] _parts = ["dcgan.json", "generator.safetensors", "discriminator.safetensors"];

    [TestMethod]
    public void A_model_whose_weights_or_description_changed_is_refused()
    {
        using DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));
        byte[] model = ModelFile.Saved(gan, gan.SampleNoise(1));
        foreach (string part in _parts)
        {
            // The last byte is of a weight, or a line's end.
            byte[] flipped = ModelFile.Changed(model, part, bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], keepChecksums: true);
            ModelFile.Refused(flipped, part == "dcgan.json" ? part : $"{part} in the model file is damaged: its checksum is ");
        }
        // Nor may what says it be wrong itself.
        foreach (Func<byte[], byte[]?> change in new Func<byte[], byte[]?>[] { _ => null, _ => [], bytes => bytes[(bytes.Length / 2)..] })
        {
            ModelFile.Refused(ModelFile.Changed(model, "checksums.txt", change, keepChecksums: true),
                "dcgan.json in the model file is damaged: its checksum is ", "but none is expected");
        }
        using var whole = (DcganTransformer)ModelFile.Load(model);
        CollectionAssert.AreEqual(gan.Generate(1)[0].Pixels.ToArray(), whole.Generate(1)[0].Pixels.ToArray());
    }

    [TestMethod]
    public void A_checkpoint_with_a_flipped_bit_is_passed_over_for_the_one_before()
    {
        using var folder = new ToolFolder();
        var ml = new MLContext(seed: 1);
        DcganEstimator.Options resuming = InterruptedTraining.Run(ml, folder["checkpoints"]);
        string[] checkpoints = [.. Directory.GetFiles(folder["checkpoints"], "minibatch-*").Order()];
        Assert.IsGreaterThan(1, checkpoints.Length);
        byte[] bytes = File.ReadAllBytes(checkpoints[^1]);
        bytes[bytes.Length / 2] ^= 16;
        File.WriteAllBytes(checkpoints[^1], bytes);

        var said = new List<string>();
        ml.Log += (_, entry) => said.Add(entry.Message);
        ml.Transforms.Dcgan(resuming).Fit(InterruptedTraining.Images(ml)).Dispose();
        string log = string.Join('\n', said);
        StringAssert.Contains(log, $"The checkpoint '{checkpoints[^1]}' cannot be read, and the one before it is taken: state.safetensors in");
        StringAssert.Contains(log, $"from '{checkpoints[^2]}'");
    }
}
