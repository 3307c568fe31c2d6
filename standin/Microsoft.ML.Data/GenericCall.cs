using System;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls generic methods with type arguments known only at run time.</summary>
internal static class GenericCall
{
    /// <param name="method">The method with any type argument, such as <c>Read&lt;int&gt;</c>.</param>
    public static TResult Invoke<TResult>(Delegate method, Type type, params object[] args) => Invoke<TResult>(method, new[] { type }, args);

    public static TResult Invoke<TResult>(Delegate method, Type[] types, params object[] args)
        => (TResult)method.Method.GetGenericMethodDefinition().MakeGenericMethod(types)
            .Invoke(method.Target, BindingFlags.DoNotWrapExceptions, null, args, null);
}
