using System;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Tells that an assembly holds a component: <c>loaderType</c> makes an <c>instType</c>, from parameters that the
/// delegate type <c>sigType</c> lists, for whoever asks for one of the names.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : Attribute
{
    public LoadableClassAttribute(Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(instType, instType, argType, sigType, userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
    {
        Contracts.CheckValue(instType, nameof(instType));
        Contracts.CheckValue(loaderType, nameof(loaderType));
        Contracts.CheckValue(sigType, nameof(sigType));
        Contracts.CheckParam(sigType.BaseType == typeof(MulticastDelegate), nameof(sigType), "LoadableClass signature type must be a delegate type");
        if (loadNames == null || loadNames.Length == 0)
            loadNames = [userName];
        if (loadNames.Any(string.IsNullOrWhiteSpace))
            throw Contracts.ExceptEmpty(nameof(loadNames), "LoadableClass loadName parameter can't be empty");

        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SignatureType = sigType;
        LoadNames = loadNames;
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type ArgType { get; }

    public Type SignatureType { get; }

    public string[] LoadNames { get; }
}
