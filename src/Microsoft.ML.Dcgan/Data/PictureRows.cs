using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Rows of which pictures are made, all of one size.</summary>
internal abstract class PictureRows(int height, int width) : ComputedRows
{
    private byte[] _bgra = [];

    protected sealed override void ComputeSlots(int count) => _bgra = Render(count);

    // What is handed in is not disposed: CreateEnumerable hands in the row before's image, which is its user's by then.
    public sealed override Delegate Getter(Func<int> current) => (ValueGetter<MLImage>)((ref MLImage image) =>
    {
        int slot = current();    // which may compute
        image = PictureBytes.Image(_bgra, slot, height, width);
    });

    /// <summary>The pictures of the first slots, as <see cref="PictureBytes.Bgra"/> has them.</summary>
    protected abstract byte[] Render(int count);
}
