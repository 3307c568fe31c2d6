using System;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls generic methods with type arguments known only at run time.</summary>
internal static class GenericCall
{
    /// <param name="method">The method with any type argument, such as <c>Read&lt;int&gt;</c>.</param>
    public static TResult Invoke<TResult>(Delegate method, Type type, params object[] args)
        => (TResult)method.Method.GetGenericMethodDefinition().MakeGenericMethod(type)
            .Invoke(method.Target, BindingFlags.DoNotWrapExceptions, null, args, null);
}
