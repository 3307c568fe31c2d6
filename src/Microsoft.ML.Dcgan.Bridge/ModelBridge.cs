using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Runtime;

[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(typeof(ITransformer), typeof(ModelBridge), null, typeof(SignatureLoadModel), "DCGAN Transformer", ModelBridge.LoaderSignature)]

namespace Microsoft.ML.Dcgan.Bridge;

/// <summary>
/// Saves and loads named streams in ML.NET's model repository. <c>mlContext.Model.Load</c> finds this class by the
/// assembly name and loader signature that <see cref="Save"/> wrote, whatever the loading program referenced or called.
/// Types of ML.NET pass as <see cref="object"/>: at compile time this assembly knows only declarations of them.
/// </summary>
public static class ModelBridge
{
    internal const string LoaderSignature = "DcganTransformer";
    private const string ModelSignature = "DCGANXFM";
    private const uint Version = 0x00010001;

    // The one type that may be built from a model file; the file itself names none.
    private const string Loader = "Microsoft.ML.Dcgan.Persistence.ModelLoader, Microsoft.ML.Dcgan";

    internal static void Save(object modelSaveContext, IEnumerable<(string Name, Action<Stream> Write)> streams)
    {
        var context = (ModelSaveContext)modelSaveContext;
        context.CheckAtModel();
        context.SetVersionInfo(VersionInfo());
        foreach ((string name, Action<Stream> write) in streams)
        {
            context.SaveBinaryStream(name, writer =>
            {
                writer.Flush();
                write(writer.BaseStream);
            });
        }
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(VersionInfo());
        Func<string, Action<Stream>, bool> read = (name, action) => ctx.TryLoadBinaryStream(name, reader => action(reader.BaseStream));
        MethodInfo load = Type.GetType(Loader, throwOnError: true)!.GetMethod("Load", BindingFlags.Static | BindingFlags.NonPublic)!;
        try
        {
            return (ITransformer)load.Invoke(null, new object[] { env, read })!;
        }
        catch (TargetInvocationException failure) when (failure.InnerException != null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
    }

    private static VersionInfo VersionInfo() => new(ModelSignature, Version, Version, Version,
        typeof(ModelBridge).Assembly.FullName!, LoaderSignature);
}
