using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan;

/// <summary>Pictures of one size, one after the other. It saves as an animated GIF, which everything shows, or as an animated PNG (APNG),
/// which has all colours; and a notebook whose last line is an animation plays it.</summary>
public sealed partial class ImageAnimation
{
    // What most programs play as it is: a shorter delay they take for a mistake.
    private const int LeastDelay = 20;
    private const int MostPixelsASide = ushort.MaxValue;
    private readonly PixelCanvas[] _frames;
    private readonly int[] _milliseconds;

    /// <summary>Takes generated pictures.</summary>
    /// <param name="frames">One or more pictures of one size.</param>
    /// <param name="delay">How long each is shown, in milliseconds, 20 to 65,535. A GIF file rounds to tens.</param>
    /// <param name="lastDelay">How long the last one is shown. Default null: as long as the others.</param>
    /// <param name="plays">How often all are shown, 0 to 65,535. Default 0: without end.</param>
    /// <exception cref="ArgumentException">There are no pictures, or they differ in size.</exception>
    public ImageAnimation(IEnumerable<GeneratedImage> frames, int delay = 100, int? lastDelay = null, int plays = 0)
        : this((frames ?? throw new ArgumentNullException(nameof(frames))).Select(PixelCanvas.From), delay, lastDelay, plays)
    {
    }

    /// <summary>Takes grids, likewise.</summary>
    /// <inheritdoc cref="ImageAnimation(IEnumerable{GeneratedImage}, int, int?, int)"/>
    public ImageAnimation(IEnumerable<ImageGrid> frames, int delay = 100, int? lastDelay = null, int plays = 0)
        : this((frames ?? throw new ArgumentNullException(nameof(frames))).Select(grid => grid.Canvas), delay, lastDelay, plays)
    {
    }

    internal ImageAnimation(IEnumerable<PixelCanvas> frames, int delay, int? lastDelay, int plays = 0)
    {
        _frames = frames.ToArray();
        if (_frames.Length == 0)
            throw new ArgumentException("There are no images to show.", nameof(frames));
        RequireDelay(delay, nameof(delay));
        RequireDelay(lastDelay ?? delay, nameof(lastDelay));
        if (plays is < 0 or > ushort.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(plays), plays, "An animation plays from 1 to 65,535 times, or 0 for without end.");
        PixelCanvas.RequireOneSize(_frames, "An animation shows", nameof(frames));
        if (Width > MostPixelsASide || Height > MostPixelsASide)
        {
            throw new ArgumentException($"The images are {Width}x{Height} (width x height), " +
                $"but an animation has at most {MostPixelsASide} pixels a side.", nameof(frames));
        }

        Plays = plays;
        _milliseconds = [.. Enumerable.Repeat(delay, _frames.Length - 1), lastDelay ?? delay];

        static void RequireDelay(int value, string name)
        {
            if (value is < LeastDelay or > ushort.MaxValue)
                throw new ArgumentOutOfRangeException(name, value, "An image is shown for 20 to 65,535 milliseconds.");
        }
    }

    /// <summary>How many pictures it shows.</summary>
    public int Count => _frames.Length;

    /// <summary>Width in pixels.</summary>
    public int Width => _frames[0].Width;

    /// <summary>Height in pixels.</summary>
    public int Height => _frames[0].Height;

    /// <summary>How often all are shown; 0: without end.</summary>
    public int Plays { get; }

    /// <summary>How long all take, once.</summary>
    public TimeSpan Duration => TimeSpan.FromMilliseconds(_milliseconds.Sum(delay => (double)delay));

    /// <summary>As a GIF file's bytes. Where all pictures together have at most 256 colours, as grey ones do, every pixel is exact;
    /// otherwise each picture has the 256 colours that suit it best.</summary>
    public byte[] ToGif() => GifEncoder.Animated(_frames, _milliseconds, Plays);

    /// <summary>As an animated PNG file's bytes: every pixel is exact.</summary>
    public byte[] ToPng() => PngEncoder.Encode(_frames, _milliseconds, Plays);

    /// <summary>Writes a file: animated GIF or, with the ending .png or .apng, animated PNG. An older file of that name stays whole until
    /// the new one is complete.</summary>
    /// <exception cref="ArgumentException">The path ends in none of .gif, .png and .apng.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".gif" => ToGif(),
            ".png" or ".apng" => ToPng(),
            string extension => throw new ArgumentException(
                $"'{path}' ends in '{extension}', but an animation is saved as .gif, .png or .apng.", nameof(path)),
        });
    }

    /// <inheritdoc />
    public override string ToString() =>
        FormattableString.Invariant($"{Count} images, {Width}x{Height} pixels, {Duration.TotalSeconds:0.##} s");
}
