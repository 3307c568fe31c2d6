using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>Pictures that are asked for.</summary>
/// <param name="Noise">A vector for each.</param>
/// <param name="Label">Their class, if the model has classes.</param>
/// <param name="Encode">Makes one PNG of them.</param>
internal sealed record PictureQuery(IReadOnlyList<float[]> Noise, string? Label, Func<GeneratedImage[], byte[]> Encode);

/// <summary>What the page and others may ask of a model. It knows nothing of HTTP.</summary>
/// <param name="gan">The model.</param>
/// <param name="mostAtOnce">Pictures that one request may ask for.</param>
internal sealed class PictureQueries(DcganTransformer gan, int mostAtOnce = PictureQueries.LargestGrid)
{
    private const int LargestGrid = 100;
    private const int LargestScale = 16;
    private const int LargestSide = 1024;
    private const float LargestMove = 10;

    private readonly int _mostPictures = Math.Min(LargestGrid, mostAtOnce);
    private readonly Directions _directions = new(gan);

    /// <summary>What the page has to know of the model.</summary>
    public JsonObject Model => new()
    {
        ["width"] = gan.ImageWidth,
        ["height"] = gan.ImageHeight,
        ["classes"] = new JsonArray([.. gan.Classes.Select(name => (JsonNode)name)]),
        ["directions"] = _directions.Count,
    };

    /// <summary>image?seed=7: the first picture of gan.Generate(1, seed: 7).</summary>
    public PictureQuery Image(QueryValues query) => One(gan.DrawNoise(1, query.Number("seed", 0))[0], query);

    /// <summary>latent?seed=7&amp;moves=1.5,-2: the picture of that seed, moved along the model's principal directions.</summary>
    public PictureQuery Latent(QueryValues query) => One(_directions.Move(gan.DrawNoise(1, query.Number("seed", 0))[0],
        query.Numbers("moves", _directions.Count, LargestMove)), query);

    /// <summary>grid?count=16&amp;seed=7: the pictures of gan.Generate(16, seed: 7).</summary>
    public PictureQuery Grid(QueryValues query)
    {
        int count = query.Number("count", Math.Min(16, _mostPictures), 1, _mostPictures);
        int scale = Scale(query, (int)Math.Ceiling(Math.Sqrt(count)));
        return new(gan.DrawNoise(count, query.Number("seed", 0)), query.Label(gan), images => Png.Of(images, scale));
    }

    private PictureQuery One(float[] noise, QueryValues query)
    {
        int scale = Scale(query, columns: 1);
        return new([noise], query.Label(gan), images => Png.Of(images[0], scale));
    }

    private int Scale(QueryValues query, int columns)
    {
        int most = Math.Clamp(LargestSide / (Math.Max(gan.ImageWidth, gan.ImageHeight) * columns), 1, LargestScale);
        return query.Number("scale", 1, 1, most);
    }
}
