using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

public sealed partial class VectorToImageConvertingEstimator
{
    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly ImagePixelExtractingEstimator.ColorBits Colors;
        public readonly ImagePixelExtractingEstimator.ColorsOrder Order;
        public readonly bool InterleavedColors;
        public readonly int ImageWidth;
        public readonly int ImageHeight;
        public readonly float OffsetImage;
        public readonly float ScaleImage;

        private readonly int _defaultAlpha = Defaults.DefaultAlpha;
        private readonly int _defaultRed = Defaults.DefaultRed;
        private readonly int _defaultGreen = Defaults.DefaultGreen;
        private readonly int _defaultBlue = Defaults.DefaultBlue;

        public ColumnOptions(string name, int imageHeight, int imageWidth, string inputColumnName,
            ImagePixelExtractingEstimator.ColorBits colorsPresent, ImagePixelExtractingEstimator.ColorsOrder orderOfColors,
            bool interleavedColors, float scaleImage, float offsetImage)
        {
            Contracts.CheckNonWhiteSpace(name, nameof(name));
            Name = name;
            InputColumnName = inputColumnName ?? name;
            Colors = colorsPresent;
            Order = orderOfColors;
            InterleavedColors = interleavedColors;
            ImageWidth = imageWidth;
            ImageHeight = imageHeight;
            OffsetImage = offsetImage;
            ScaleImage = scaleImage;
            Contracts.CheckParam(Planes > 0, nameof(colorsPresent), "Need to use at least one color plane");
            Contracts.CheckParam(imageWidth > 0, nameof(imageWidth), "Image width must be greater than zero");
            Contracts.CheckParam(imageHeight > 0, nameof(imageHeight), "Image height must be greater than zero");
            Contracts.CheckParam(float.IsFinite(offsetImage), nameof(offsetImage));
            Contracts.CheckParam(float.IsFinite(scaleImage) && scaleImage != 0, nameof(scaleImage));
        }

        internal ColumnOptions(string name, string inputColumnName, ModelLoadContext ctx)
        {
            Name = name;
            InputColumnName = inputColumnName;
            Colors = (ImagePixelExtractingEstimator.ColorBits)ctx.Reader.ReadByte();
            Order = (ImagePixelExtractingEstimator.ColorsOrder)ctx.Reader.ReadByte();
            ImageWidth = ctx.Reader.ReadInt32();
            ImageHeight = ctx.Reader.ReadInt32();
            OffsetImage = ctx.Reader.ReadSingle();
            ScaleImage = ctx.Reader.ReadSingle();
            InterleavedColors = ctx.Reader.ReadBoolean();
            _defaultAlpha = ctx.Reader.ReadInt32();
            _defaultRed = ctx.Reader.ReadInt32();
            _defaultGreen = ctx.Reader.ReadInt32();
            _defaultBlue = ctx.Reader.ReadInt32();
            Contracts.CheckDecode(Colors != 0 && (Colors & ~ImagePixelExtractingEstimator.ColorBits.All) == 0);
            Contracts.CheckDecode(Order != 0 && ImageWidth > 0 && ImageHeight > 0);
            Contracts.CheckDecode(float.IsFinite(OffsetImage) && float.IsFinite(ScaleImage) && ScaleImage != 0);
        }

        public int Planes => BitOperations.PopCount((uint)(Colors & ImagePixelExtractingEstimator.ColorBits.All));

        public ImageDataViewType Type => new(ImageHeight, ImageWidth);

        public bool NeedsScale => OffsetImage != 0 || ScaleImage != 1;

        /// <summary>The value of a colour that the vectors lack.</summary>
        public int DefaultOf(ImagePixelExtractingEstimator.ColorBits color) => color switch
        {
            ImagePixelExtractingEstimator.ColorBits.Alpha => _defaultAlpha,
            ImagePixelExtractingEstimator.ColorBits.Red => _defaultRed,
            ImagePixelExtractingEstimator.ColorBits.Green => _defaultGreen,
            _ => _defaultBlue,
        };

        internal void Save(ModelSaveContext ctx)
        {
            ctx.Writer.Write((byte)Colors);
            ctx.Writer.Write((byte)Order);
            ctx.Writer.Write(ImageWidth);
            ctx.Writer.Write(ImageHeight);
            ctx.Writer.Write(OffsetImage);
            ctx.Writer.Write(ScaleImage);
            ctx.Writer.Write(InterleavedColors);
            ctx.Writer.Write(_defaultAlpha);
            ctx.Writer.Write(_defaultRed);
            ctx.Writer.Write(_defaultGreen);
            ctx.Writer.Write(_defaultBlue);
        }
    }
}
