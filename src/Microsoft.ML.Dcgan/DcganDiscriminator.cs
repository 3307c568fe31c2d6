using System;
using System.Threading;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// A trained DCGAN's discriminator as a transformer: adds to a view a column that it computes from each row's image. It has
/// weights of its own, whatever becomes of the <see cref="DcganTransformer"/> that it came from. Batch normalisation takes
/// the statistics of training, so that a row's result does not depend on the other rows. Save it and load it with
/// <c>mlContext.Model</c>, alone or in a chain; use it from any number of threads at once; dispose it in the end.
/// </summary>
public abstract class DcganDiscriminator : ITransformer, IDisposable
{
    private readonly TrainedDiscriminator _discriminator;
    private readonly ModelDescription _description;
    private readonly DiscriminatorColumn _column;
    private int _disposed;

    /// <summary>Takes the discriminator over.</summary>
    private protected DcganDiscriminator(TrainedDiscriminator discriminator, ModelDescription description, DiscriminatorColumn column)
    {
        _discriminator = discriminator;
        _description = description;
        _column = column;
    }

    /// <summary>The column that <see cref="Transform"/> adds.</summary>
    public string OutputColumnName => _column.Name;

    /// <summary>
    /// The column of images that <see cref="Transform"/> reads: images of the size trained on, or vectors of <see cref="float"/>
    /// with as many pixels in [-1, 1], planes first.
    /// </summary>
    public string InputColumnName => _description.Discrimination!.InputColumnName;

    /// <summary>The images' height in pixels.</summary>
    public int ImageHeight => _discriminator.Shape.Height;

    /// <summary>The images' width in pixels.</summary>
    public int ImageWidth => _discriminator.Shape.Width;

    /// <summary>1 if it was trained on grey images, 3 if on red, green and blue. Image columns are read as either.</summary>
    public int Channels => _discriminator.Shape.Channels;

    /// <summary>What the training did.</summary>
    public TrainingSummary Summary => _description.Summary;

    /// <summary>True: each row's result depends on that row alone, so prediction engines can be made.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The input's columns and <see cref="OutputColumnName"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or of a wrong type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _column.OutputSchema(inputSchema);
    }

    /// <summary>
    /// Adds <see cref="OutputColumnName"/>. It is computed when a cursor reads it, some rows at a time, anew by each cursor.
    /// A row whose image is missing or of another size, or has pixels out of [-1, 1], makes the cursor throw an
    /// <see cref="InvalidOperationException"/> that names it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or of a wrong type or size.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckUsable();
        return new ComputedView(_column, input);
    }

    /// <summary>Computes row by row, for prediction engines.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or of a wrong type or size.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckUsable();
        return new ComputedRowMapper(_column, inputSchema);
    }

    /// <summary>Frees the discriminator. Views and engines made from this transformer can compute no more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _discriminator.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        CheckUsable();
        ModelArchive.Save(ctx, _description, (ModelArchive.DiscriminatorName, _discriminator.Network));
    }

    private void CheckUsable() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
