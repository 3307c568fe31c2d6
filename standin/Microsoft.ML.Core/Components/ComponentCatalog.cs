using System;
using System.Collections.Generic;
using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The components that registered assemblies declare by <see cref="LoadableClassAttribute"/>, by name and signature.</summary>
public sealed partial class ComponentCatalog
{
    private readonly object _lock = new();
    private readonly HashSet<string> _assemblies = new();
    private readonly Dictionary<(string Name, Type Signature), LoadableClassInfo> _classes = new();

    internal ComponentCatalog()
    {
    }

    /// <summary>A second time has no effect.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (LoadableClassAttribute attribute in assembly.GetCustomAttributes<LoadableClassAttribute>())
            {
                LoadableClassInfo info = LoadableClassInfo.Find(attribute);
                if (info != null)
                    Add(info, attribute, throwOnError);
                else if (throwOnError)
                    throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
            }
            AddExtensions(assembly, throwOnError);
        }
    }

    internal LoadableClassInfo GetLoadableClassInfo<TSig>(string loadName) => GetLoadableClassInfo(loadName, typeof(TSig));

    internal LoadableClassInfo GetLoadableClassInfo(string loadName, Type signatureType)
    {
        lock (_lock)
            return _classes.GetValueOrDefault((Normalize(loadName), signatureType));
    }

    /// <summary>False if no component has the name and the signature.</summary>
    internal static bool TryCreateInstance<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        LoadableClassInfo info = env.ComponentCatalog.GetLoadableClassInfo<TSig>(name);
        result = info?.CreateInstance<TRes>(env, extra);
        return info != null;
    }

    private static string Normalize(string name) => (name ?? "").ToLowerInvariant().Trim();

    private void Add(LoadableClassInfo info, LoadableClassAttribute attribute, bool throwOnError)
    {
        foreach (string name in attribute.LoadNames)
        {
            if (!_classes.TryAdd((Normalize(name), attribute.SignatureType), info) && throwOnError)
            {
                LoadableClassInfo other = _classes[(Normalize(name), attribute.SignatureType)];
                throw Contracts.Except($"ComponentCatalog cannot map name '{name}' and SignatureType '{attribute.SignatureType}' to " +
                    $"{info.Type.Name}, already mapped to {other.Type.Name}.");
            }
        }
    }
}
