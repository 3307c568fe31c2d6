using System.Collections.Generic;

namespace Microsoft.ML.Runtime;

internal static partial class Contracts
{
    public static void Check(bool f, string msg) => Check(null, f, msg);

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw Except(ctx, msg);
    }

    public static void CheckUserArg(bool f, string name, string msg = null) => CheckParam(null, f, name, msg);

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg = null) => CheckParam(ctx, f, name, msg);

    public static void CheckParam(bool f, string paramName, string msg = null) => CheckParam(null, f, paramName, msg);

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg = null)
    {
        if (!f)
            throw ExceptParam(ctx, paramName, msg);
    }

    public static T CheckRef<T>(T val, string paramName)
        where T : class
        => CheckRef(null, val, paramName);

    public static T CheckRef<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
        => val ?? throw ExceptValue(ctx, paramName);

    public static void CheckValue<T>(T val, string paramName, string msg = null)
        where T : class
        => CheckValue(null, val, paramName, msg);

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName, string msg = null)
        where T : class
    {
        if (val is null)
            throw ExceptValue(ctx, paramName, msg);
    }

    public static string CheckNonEmpty(string s, string paramName, string msg = null) => CheckNonEmpty(null, s, paramName, msg);

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName, string msg = null)
        => !string.IsNullOrEmpty(s) ? s : throw ExceptEmpty(ctx, paramName, msg);

    public static T[] CheckNonEmpty<T>(T[] args, string paramName, string msg = null) => CheckNonEmpty(null, args, paramName, msg);

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName, string msg = null)
        => args?.Length > 0 ? args : throw ExceptEmpty(ctx, paramName, msg);

    public static string CheckNonWhiteSpace(string s, string paramName, string msg = null) => CheckNonWhiteSpace(null, s, paramName, msg);

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName, string msg = null)
        => !string.IsNullOrWhiteSpace(s) ? s : throw ExceptWhiteSpace(ctx, paramName, msg);

    public static void CheckDecode(bool f, string msg = null) => CheckDecode(null, f, msg);

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg = null)
    {
        if (!f)
            throw ExceptDecode(ctx, msg);
    }
}
