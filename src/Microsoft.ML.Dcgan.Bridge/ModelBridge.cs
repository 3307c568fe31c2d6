using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace Microsoft.ML.Dcgan.Bridge;

/// <summary>What reads a model back: see <see cref="ModelLoaderAttribute{TLoader}"/>.</summary>
internal interface IModelLoader
{
    /// <summary>Its name in model files.</summary>
    static abstract string LoaderSignature { get; }

    /// <summary>The name of its kind of model in model files: eight letters.</summary>
    static abstract string ModelSignature { get; }

    /// <param name="environment">The environment of the MLContext that loads.</param>
    /// <param name="read">Calls the action with the stream of that name, or returns false where the model has none.</param>
    static abstract ITransformer Load(IHostEnvironment environment, Func<string, Action<Stream>, bool> read);
}

/// <summary>Tells ML.NET which class of the assembly that bears it loads the models which <see cref="ModelBridge.Save"/> wrote.
/// <c>mlContext.Model.Load</c> loads the assembly that the file names and looks for this, whatever the program called before.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class ModelLoaderAttribute<TLoader>() : LoadableClassAttributeBase(summary: null, instType: typeof(ITransformer),
    loaderType: typeof(ModelLoaderAttribute<TLoader>), argType: null, sigTypes: [typeof(SignatureLoadModel)],
    userName: TLoader.LoaderSignature, TLoader.LoaderSignature)
    where TLoader : IModelLoader
{
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelBridge.VersionInfo<TLoader>());
        return TLoader.Load(env, (name, action) => ctx.TryLoadBinaryStream(name, reader => action(reader.BaseStream)));
    }
}

/// <summary>Saves named streams in ML.NET's model repository.</summary>
internal static class ModelBridge
{
    private const uint Version = 0x00010001;

    public static void Save<TLoader>(ModelSaveContext context, IEnumerable<(string Name, Action<Stream> Write)> streams)
        where TLoader : IModelLoader
    {
        context.CheckAtModel();
        context.SetVersionInfo(VersionInfo<TLoader>());
        foreach ((string name, Action<Stream> write) in streams)
        {
            context.SaveBinaryStream(name, writer =>
            {
                writer.Flush();
                write(writer.BaseStream);
            });
        }
    }

    internal static VersionInfo VersionInfo<TLoader>() where TLoader : IModelLoader =>
        new(TLoader.ModelSignature, Version, Version, Version, typeof(TLoader).Assembly.FullName!, TLoader.LoaderSignature);
}
