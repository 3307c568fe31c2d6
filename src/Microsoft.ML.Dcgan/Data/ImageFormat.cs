namespace Microsoft.ML.Dcgan.Data;

/// <summary>The size of every image of a training set; 1 channel is grey, 3 are red, green and blue.</summary>
internal readonly record struct ImageFormat(int Height, int Width, int Channels)
{
    public int PlaneSize => Height * Width;

    public int Size => PlaneSize * Channels;

    public override string ToString() => $"{Width}x{Height} pixels (width x height) with {Channels} channel{(Channels == 1 ? "" : "s")}";
}
