namespace Microsoft.ML.Dcgan.Interop;

/// <summary>Opens a file of weights by what is in it.</summary>
internal static class WeightsFile
{
    /// <exception cref="FormatException">It is of no known format, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IWeightsFile Open(string path)
    {
        string name = $"'{path}'";
        FileStream stream = File.OpenRead(path);
        try
        {
            Span<byte> start = stackalloc byte[9];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            stream.Position = 0;
            if (start.StartsWith("PK"u8))
                return new PyTorchFile(stream, name);
            if (start.Length > 8 && start[8] == '{')
                return new SafetensorsFile(stream, name);
            throw new FormatException(start.Length > 0 && start[0] == 0x80
                ? $"{name} is in the format of PyTorch before 1.6. Load it with torch.load in a newer PyTorch, and torch.save it again."
                : $"{name} is neither a state dictionary that torch.save wrote (.pth) nor safetensors.");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
