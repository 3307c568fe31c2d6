using System.IO;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class ModelOperationsCatalog : IInternalCatalog
{
    private const string TransformerDirectory = "TransformerChain";
    private const string SchemaEntryName = "Schema";

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env)
    {
        _env = env;
    }

    IHostEnvironment IInternalCatalog.Environment => _env;

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = RepositoryWriter.CreateNew(stream, _env);
        ModelSaveContext.SaveModel(repository, model, TransformerDirectory);
        if (inputSchema != null)
        {
            using Repository.Entry entry = repository.CreateEntry(SchemaEntryName);
            SchemaEntry.Write(_env, inputSchema, entry.Stream);
        }
        repository.Commit();
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using FileStream stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = RepositoryReader.Open(stream, _env);
        using Repository.Entry entry = repository.OpenEntryOrNull(SchemaEntryName);
        inputSchema = entry == null ? null : SchemaEntry.Read(_env, entry.Stream);
        if (ModelLoadContext.LoadModelOrNull<ITransformer, SignatureLoadModel>(_env, out ITransformer model, repository, TransformerDirectory))
            return model;
        // An archive with neither is taken for a model of an early version of the library, none of which is read here.
        throw inputSchema == null ? _env.Except("Could not load legacy format model") : _env.ExceptDecode("Corrupt model file");
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using FileStream stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => new PredictionEngine<TSrc, TDst>(_env, transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
        => new PredictionEngine<TSrc, TDst>(_env, transformer, false, DataViewConstructionUtils.GetSchemaDefinition<TSrc>(_env, inputSchema));

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
        => new PredictionEngine<TSrc, TDst>(_env, transformer, options.IgnoreMissingColumns, options.InputSchemaDefinition,
            options.OutputSchemaDefinition, options.OwnsTransformer);
}
