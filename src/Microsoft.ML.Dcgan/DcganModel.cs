using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Interop;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan;

/// <summary>What was trained, as a transformer: adds to a view a column that networks compute from each row. Save it and load it with
/// <c>mlContext.Model</c>, alone or in a chain; use it from any number of threads at once; dispose it in the end.</summary>
public abstract class DcganModel : ITransformer, IDisposable
{
    private readonly BatchedColumn _column;
    private readonly (string Name, torch.nn.Module Network)[] _networks;
    private int _disposed;

    /// <summary>Takes the networks over; they are saved under these names.</summary>
    private protected DcganModel(BatchedColumn column, ModelDescription description,
        params (string Name, torch.nn.Module Network)[] networks) =>
        (_column, Description, _networks) = (column, description, networks);

    /// <summary>The column that <see cref="Transform"/> adds.</summary>
    public string OutputColumnName => _column.Name;

    /// <summary>The images' height in pixels.</summary>
    public int ImageHeight => Description.Network.Height;

    /// <summary>The images' width in pixels.</summary>
    public int ImageWidth => Description.Network.Width;

    /// <summary>1 if it was trained on grey images, 3 if on red, green and blue.</summary>
    public int Channels => Description.Network.Channels;

    /// <summary>What it was trained with, ready to train further with. What a model does not keep has its default: ImageColumnName, Device
    /// and CacheFolder, and for a discriminator all that concerns generating.</summary>
    public DcganEstimator.Options Options => Description.ToOptions();

    /// <summary>What the training did.</summary>
    public TrainingSummary Summary => Description.Summary;

    /// <summary>True: each row's result depends on that row alone, so prediction engines can be made.</summary>
    public bool IsRowToRowMapper => true;

    internal ModelDescription Description { get; }

    /// <summary>The input's columns and <see cref="OutputColumnName"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column that it reads is missing, or of a wrong type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _column.OutputSchema(inputSchema);
    }

    /// <summary>Adds <see cref="OutputColumnName"/>. It is computed when a cursor reads it, some rows at a time, anew by each cursor. A row
    /// that it cannot be computed from makes the cursor throw an <see cref="InvalidOperationException"/> that names the row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column that it reads is missing, or of a wrong type or size.</exception>
    /// <exception cref="ObjectDisposedException">This transformer is disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckUsable();
        return new BatchedView(_column, input);
    }

    /// <summary>Computes row by row, for prediction engines.</summary>
    /// <inheritdoc cref="Transform"/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckUsable();
        return new BatchedRowMapper(_column, inputSchema);
    }

    /// <summary>Frees the networks. Views and engines made from this transformer can compute no more.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            DisposeNetworks();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        CheckUsable();
        LibTorchErrors.InOneSentence("Saving the model", () => ModelArchive.Save(ctx, Description, _networks));
    }

    internal static void RequireName(string parameter, string? value, string example)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentOutOfRangeException(parameter, $"{parameter} is empty, but a column name is expected, such as {example}.");
    }

    internal static torch.Device ChooseDevice(DcganDevice wish, IHostEnvironment environment, int replica = 0) => DeviceSelection.Choose(
        wish, EnvironmentBridge.GpuDeviceId(environment), EnvironmentBridge.FallbackToCpu(environment), replica);

    private protected void ExportOnnx(string path, DcganOnnxOptions? options, string input, string output,
        Func<OnnxSignature, OnnxGraph> graph)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxSignature signature = (options ?? new DcganOnnxOptions()).Signature(input, output);
        CheckUsable();
        LibTorchErrors.InOneSentence("Exporting the network", () => AtomicFile.Write(path, graph(signature).WriteTo));
    }

    private protected virtual void DisposeNetworks()
    {
        foreach ((_, torch.nn.Module network) in _networks)
            network.Dispose();
    }

    private protected void CheckUsable() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
