using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>Draws the demo's training set: as many different cartoon faces as are asked for, 64x64 pixels in colour.</summary>
internal static class CartoonFaces
{
    public const int Size = FaceCanvas.Size;

    private static readonly SKColor _ink = new(0x2B, 0x24, 0x2A);
    private static readonly SKColor _white = new(0xFF, 0xFF, 0xFF);
    private static readonly SKColor _tongue = new(0xE8, 0x5D, 0x6B);

    private static readonly SKColor[] _backgrounds = Colors("9AD7F0 F9D977 B5E3A1 F6B3C5 C9B8EE F7F1E3 F5A977");
    private static readonly SKColor[] _skins = Colors("FFE0C4 F6C79B E2A872 BF7F4F 93592F 6B3E26");
    private static readonly SKColor[] _hairColors = Colors("2A2126 5A3420 98602B D9A441 C2452D E9E4DC 6C54A8");
    private static readonly SKColor[] _shirts = Colors("D9423F 2F6DB5 2F9258 F2F2F2 F0932B 43414F");
    private static readonly SKColor[] _hatColors = Colors("C93A46 2B5DA8 2E8B63 F1B93C 4A4658");
    private static readonly SKColor[] _irises = Colors("4A2C1A 2F6FA8 3F7F4A");

    /// <summary>The faces one after the other, always the same ones in the same order. The caller disposes each.</summary>
    public static IEnumerable<MLImage> Draw(int count) => DrawWithHair(count).Select(face => face.Picture);

    /// <summary>The same, each with the number of its hair, from 0 to 7.</summary>
    public static IEnumerable<(MLImage Picture, byte Hair)> DrawWithHair(int count)
    {
        // A generator with a seed gives the same numbers on every machine.
        var random = new Random(2015);
        using var canvas = new FaceCanvas();
        for (int i = 0; i < count; i++)
        {
            Face face = Face.Next(random);
            Draw(canvas, face);
            yield return (canvas.ToImage(), (byte)face.Hair);
        }
    }

    // Everything keeps its place from face to face, which is what a generator learns first.
    private static void Draw(FaceCanvas canvas, Face face)
    {
        (SKColor skin, SKColor hair) = (_skins[face.Skin], _hairColors[face.HairColor]);
        SKColor shade = Mixed(skin, _ink, 0.16);
        canvas.Clear(_backgrounds[face.Background]);
        DrawHairBehind(canvas, face, hair);

        canvas.Ellipse(128, 300, 108, 62, _shirts[face.Shirt]);
        canvas.Box(128, 232, 28, 26, shade);
        canvas.Ellipse(128 - face.HeadWidth, 148, 15, 20, shade);
        canvas.Ellipse(128 + face.HeadWidth, 148, 15, 20, shade);
        canvas.Oval(128, 140, face.HeadWidth, 88, 2.4, skin);

        DrawFeatures(canvas, face, skin, hair);
        DrawHairInFront(canvas, face, hair);
        DrawGlasses(canvas, face);
        DrawHat(canvas, face);
    }

    private static void DrawFeatures(FaceCanvas canvas, Face face, SKColor skin, SKColor hair)
    {
        SKColor blush = Mixed(skin, _tongue, 0.4), shade = Mixed(skin, _ink, 0.22);
        foreach (int side in (int[])[-1, 1])
        {
            canvas.Ellipse(128 + side * 50, 176, 16, 11, blush);
            canvas.Ellipse(128 + side * 33, 142, 19, 19 + face.EyeHeight, _white);
            canvas.Ellipse(128 + side * 31, 144, 12, 13, _irises[face.Iris]);
            canvas.Box(128 + side * 34, 112 - face.Brow, 20, 6, Mixed(hair, _ink, 0.45));
        }
        canvas.Ellipse(128, 167, 11, 10, shade);
        switch (face.Mouth)
        {
            case Mouth.Smile:
                canvas.LowerHalf(128, 185, 36, 24, _ink);
                canvas.LowerHalf(128, 184, 30, 12, skin);
                break;
            case Mouth.Laugh:
                canvas.LowerHalf(128, 184, 36, 32, _ink);
                canvas.LowerHalf(128, 185, 30, 11, _white);
                break;
            case Mouth.Round:
                canvas.Ellipse(128, 198, 16, 16, _ink);
                canvas.Ellipse(128, 205, 11, 7, _tongue);
                break;
            default:
                canvas.Box(128, 196, 24, 6, _ink);
                break;
        }
    }

    private static void DrawHairBehind(FaceCanvas canvas, Face face, SKColor hair)
    {
        switch (face.Hair)
        {
            case Hair.Long:
                canvas.Oval(128, 160, 104, 116, 3, hair);
                break;
            case Hair.Bob:
                canvas.Oval(128, 130, 102, 88, 3.2, hair);
                break;
            case Hair.Curly:
                canvas.Ellipse(128, 112, 114, 102, hair);
                break;
            case Hair.Bun when face.Hat == Hat.None:
                canvas.Ellipse(128, 32, 34, 28, hair);
                break;
        }
    }

    private static void DrawHairInFront(FaceCanvas canvas, Face face, SKColor hair)
    {
        if (face.Hair == Hair.Bald)
            return;
        int edge = face.HeadWidth + 4;
        canvas.UpperHalf(128, 104, edge, 60, hair);
        if (face.Hair == Hair.Spiky && face.Hat == Hat.None)
        {
            for (int i = -2; i <= 2; i++)
                canvas.Polygon(hair, 128 + i * 30 - 28, 84, 128 + i * 40, 16 + 10 * Math.Abs(i), 128 + i * 30 + 28, 84);
        }
        else if (face.Hair is Hair.Parted or Hair.Long)
        {
            foreach (int side in (int[])[-1, 1])
                canvas.Polygon(hair, 128 + side * edge, 102, 128 + side * edge, 142, 128 + side * 30, 102);
        }
    }

    private static void DrawGlasses(FaceCanvas canvas, Face face)
    {
        if (face.Glasses == Glasses.None)
            return;
        canvas.Box(128, 140, face.HeadWidth - 2, 4, _ink);
        foreach (int side in (int[])[-1, 1])
        {
            if (face.Glasses == Glasses.Sun)
                canvas.Oval(128 + side * 36, 146, 33, 25, 3, _ink);
            else
                canvas.Ring(128 + side * 35, 143, 31, 31, 7, face.Glasses == Glasses.Round ? 2 : 6, _ink);
        }
    }

    private static void DrawHat(FaceCanvas canvas, Face face)
    {
        SKColor color = _hatColors[face.HatColor], band = Mixed(color, _white, 0.5);
        switch (face.Hat)
        {
            case Hat.Beanie:
                canvas.Ellipse(128, 20, 20, 20, band);
                canvas.UpperHalf(128, 90, 88, 70, color);
                canvas.Oval(128, 90, 92, 16, 5, band);
                break;
            case Hat.Cap:
                canvas.UpperHalf(128, 92, 88, 72, color);
                canvas.Oval(128, 94, 108, 13, 2.5, Mixed(color, _ink, 0.35));
                break;
            case Hat.Tall:
                canvas.Box(128, 50, 62, 46, color);
                canvas.Box(128, 76, 62, 11, band);
                canvas.Oval(128, 94, 108, 11, 4, color);
                break;
        }
    }

    private static SKColor Mixed(SKColor color, SKColor other, double share) => new(
        (byte)Math.Round(color.Red + share * (other.Red - color.Red)),
        (byte)Math.Round(color.Green + share * (other.Green - color.Green)),
        (byte)Math.Round(color.Blue + share * (other.Blue - color.Blue)));

    private static SKColor[] Colors(string hexadecimal) => Array.ConvertAll(hexadecimal.Split(' '), SKColor.Parse);

    private enum Hair { Bald, Short, Parted, Bob, Long, Curly, Bun, Spiky }

    private enum Mouth { Smile, Laugh, Round, Straight }

    private enum Glasses { None, Round, Square, Sun }

    private enum Hat { None, Beanie, Cap, Tall }

    /// <summary>What one face has. Numbers of colours are places in their lists.</summary>
    private sealed record Face(int Background, int Skin, int HeadWidth, Hair Hair, int HairColor, int Iris, int EyeHeight, int Brow,
        Mouth Mouth, Glasses Glasses,
        Hat Hat, int HatColor, int Shirt)
    {
        public static Face Next(Random random) => new(
            random.Next(_backgrounds.Length), random.Next(_skins.Length), random.Next(74, 84),
            (Hair)random.Next(8), random.Next(_hairColors.Length),
            random.Next(_irises.Length), random.Next(5), random.Next(8), (Mouth)random.Next(4),
            random.Next(5) < 3 ? Glasses.None : (Glasses)random.Next(1, 4),
            random.Next(5) < 3 ? Hat.None : (Hat)random.Next(1, 4), random.Next(_hatColors.Length),
            random.Next(_shirts.Length));
    }
}
