using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Microsoft.ML.Runtime;

public sealed partial class ComponentCatalog
{
    /// <summary>A component and the constructor, or the static method <c>Create</c>, that makes it.</summary>
    internal sealed class LoadableClassInfo
    {
        private const BindingFlags AnyVisibility = BindingFlags.Public | BindingFlags.NonPublic;

        private readonly MethodBase _maker;
        private readonly bool _wantsEnvironment;
        private readonly int _parameterCount;

        private LoadableClassInfo(LoadableClassAttribute attribute, MethodBase maker, int parameterCount)
        {
            Type = attribute.InstanceType;
            LoaderType = attribute.LoaderType;
            LoadNames = attribute.LoadNames;
            _maker = maker;
            _parameterCount = parameterCount;
            _wantsEnvironment = maker.GetParameters().Length > parameterCount;
        }

        public Type Type { get; }

        public Type LoaderType { get; }

        public IReadOnlyList<string> LoadNames { get; }

        /// <summary>Null if the loader has no fitting member.</summary>
        public static LoadableClassInfo Find(LoadableClassAttribute attribute)
        {
            Type instance = attribute.InstanceType;
            Type loader = attribute.LoaderType;
            Type[] parameters = attribute.SignatureType.GetMethod("Invoke").GetParameters().Select(parameter => parameter.ParameterType).ToArray();
            if (attribute.ArgType != null)
                parameters = [attribute.ArgType, .. parameters];
            Type[] withEnvironment = [typeof(IHostEnvironment), .. parameters];

            MethodBase constructor = instance.IsAssignableFrom(loader)
                ? FindConstructor(loader, parameters) ?? FindConstructor(loader, withEnvironment)
                : null;
            MethodBase create = FindCreate(loader, instance, parameters) ?? FindCreate(loader, instance, withEnvironment);
            MethodBase maker = constructor == null || create == null ? constructor ?? create : MoreVisible(constructor, create, instance);
            return maker == null ? null : new LoadableClassInfo(attribute, maker, parameters.Length);
        }

        public TRes CreateInstance<TRes>(IHostEnvironment env, object[] extra)
        {
            if (!typeof(TRes).IsAssignableFrom(Type))
                throw env.Except("Loadable class '{0}' does not derive from '{1}'", LoadNames[0], typeof(TRes).FullName);
            if (extra.Length != _parameterCount)
            {
                throw env.Except("Wrong number of extra parameters for loadable class '{0}', need '{1}', given '{2}'",
                    LoadNames[0], _parameterCount, extra.Length);
            }

            return (TRes)Invoke(_wantsEnvironment ? [env, .. extra] : extra);
        }

        private object Invoke(object[] arguments)
        {
            try
            {
                return _maker is ConstructorInfo constructor ? constructor.Invoke(arguments) : _maker.Invoke(null, arguments);
            }
            catch (TargetInvocationException ex) when (ex.InnerException?.IsMarked() == true)
            {
                throw Contracts.Except(ex, "Error during class instantiation");
            }
        }

        private static ConstructorInfo FindConstructor(Type loader, Type[] parameters)
            => loader.GetConstructor(BindingFlags.Instance | AnyVisibility, null, parameters, null);

        private static MethodInfo FindCreate(Type loader, Type instance, Type[] parameters)
        {
            MethodInfo create = loader.GetMethod("Create", BindingFlags.Static | AnyVisibility, null, parameters, null);
            return create?.ReturnType == instance ? create : null;
        }

        private static MethodBase MoreVisible(MethodBase constructor, MethodBase create, Type instance)
        {
            int difference = Visibility(constructor) - Visibility(create);
            if (difference == 0)
            {
                throw Contracts.Except($"Can't load type {instance}, because it has both create and constructor methods with the same " +
                    "visibility. Please indicate which one should be used by changing either the signature or the visibility of one of them.");
            }

            return difference > 0 ? constructor : create;
        }

        private static int Visibility(MethodBase member) => (member.Attributes & MethodAttributes.MemberAccessMask) switch
        {
            MethodAttributes.FamANDAssem => 0,
            MethodAttributes.Private => 1,
            MethodAttributes.Family => 2,
            MethodAttributes.FamORAssem => 3,
            MethodAttributes.Assembly => 4,
            _ => 5,
        };
    }
}
