namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>Letters of at most five pixels by eight, for captions: the package brings no fonts, and needs none.</summary>
internal static class BitmapFont
{
    public const int Height = 8;
    private const int Gap = 1;
    private const int SpaceWidth = 3;
    private const char FirstGlyph = '!';

    // Of the letters from U+00C0 to U+00FF, without their accents.
    private const char FirstAccented = '\u00C0';
    private const string Unaccented = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy";

    // A hollow box, for what there is no letter for.
    private static readonly byte[] _unknown = [0x7F, 0x41, 0x41, 0x7F];

    // From ! to ~: a byte a column from the left, its lowest bit at the top.
    private static readonly byte[][] _glyphs = Convert.FromHexString(
        "00005F0000" + "0003000300" + "147F147F14" + "242A7F2A12" + "2313086462" + "3649552250" + "0000030000" + "003E410000" +
        "0000413E00" + "1408361408" + "08083E0808" + "0080600000" + "0808080808" + "0060600000" + "2010080402" + "3E5149453E" +
        "00427F4000" + "4261514946" + "2241494936" + "1814127F10" + "2745454539" + "3C4A494930" + "0171090503" + "3649494936" +
        "064949291E" + "0000240000" + "0080640000" + "0814224100" + "1414141414" + "4122140800" + "0201510906" + "3E41595506" +
        "7E1111117E" + "7F49494936" + "3E41414122" + "7F4141221C" + "7F49494941" + "7F09090901" + "3E4149497A" + "7F0808087F" +
        "00417F4100" + "2040413F01" + "7F08142241" + "7F40404040" + "7F020C027F" + "7F0408107F" + "3E4141413E" + "7F09090906" +
        "3E4151215E" + "7F09192946" + "2649494932" + "01017F0101" + "3F4040403F" + "1F2040201F" + "3F4038403F" + "6314081463" +
        "0304780403" + "6151494543" + "007F410000" + "0204081020" + "0000417F00" + "0402010204" + "4040404040" + "0001020000" +
        "2054545478" + "7F48444438" + "3844444428" + "384444487F" + "3854545418" + "0008FE0902" + "18A4A4A47C" + "7F08040478" +
        "00007D0000" + "0080FD0000" + "7F10284400" + "00413F4000" + "7C04780478" + "7C08040478" + "3844444438" + "FC24242418" +
        "18242424FC" + "7C08040400" + "4854545424" + "043F442000" + "3C4040207C" + "1C2040201C" + "3C4030403C" + "4428102844" +
        "1CA0A0A07C" + "4464544C44" + "0008774100" + "0000770000" + "0041770800" + "1008081008").Chunk(5)
        .Select(columns => columns.AsSpan().Trim((byte)0).ToArray()).ToArray();

    /// <summary>How many pixels a line of text is wide.</summary>
    public static int Width(string text) => Math.Max(0, Letters(text).Sum(letter => Columns(letter).Length + Gap) - Gap);

    /// <summary>Draws a line of text in black.</summary>
    public static void Draw(PixelCanvas canvas, string text, int left, int top)
    {
        foreach (char letter in Letters(text))
        {
            foreach (byte column in Columns(letter))
            {
                for (int row = 0; row < Height; row++)
                {
                    if ((column >> row & 1) != 0)
                        canvas.Darken(left, top + row);
                }
                left++;
            }
            left += Gap;
        }
    }

    private static string Letters(string text) => string.Concat(text.Where(letter => !char.IsLowSurrogate(letter))
        .Select(letter => letter - FirstAccented is >= 0 and int i && i < Unaccented.Length ? Unaccented[i] : letter));

    private static ReadOnlySpan<byte> Columns(char letter) => letter is ' ' or '\u00A0'
        ? new byte[SpaceWidth]
        : letter >= FirstGlyph && letter - FirstGlyph < _glyphs.Length ? _glyphs[letter - FirstGlyph] : _unknown;
}
