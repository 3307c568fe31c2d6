using System;
using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>
/// The exceptions of ML.NET. A context, where there is one, notes in the exception which component threw it, and every
/// exception made here is marked as a foreseen one.
/// </summary>
internal static partial class Contracts
{
    private const string IsMarkedKey = "ML_IsMarked";

    public static TException Mark<TException>(TException ex)
        where TException : Exception
    {
        ex.Data[IsMarkedKey] = 1;
        return ex;
    }

    public static bool IsMarked(this Exception ex) => ex.Data.Contains(IsMarkedKey);

    public static Exception Except(string msg, params object[] args) => Except((IExceptionContext)null, msg, args);

    public static Exception Except(this IExceptionContext ctx, string msg, params object[] args)
        => Process(new InvalidOperationException(Format(msg, args)), ctx);

    public static Exception Except(Exception inner, string msg, params object[] args)
        => Process(new InvalidOperationException(Format(msg, args), inner), null);

    public static Exception ExceptParam(string paramName, string msg = null, params object[] args) => ExceptParam(null, paramName, msg, args);

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg = null, params object[] args)
        => Process(msg == null
            ? new ArgumentOutOfRangeException(paramName)
            : new ArgumentOutOfRangeException(paramName, Format(msg, args)), ctx);

    public static Exception ExceptValue(string paramName, string msg = null) => ExceptValue(null, paramName, msg);

    public static Exception ExceptValue(this IExceptionContext ctx, string paramName, string msg = null)
        => Process(msg == null ? new ArgumentNullException(paramName) : new ArgumentNullException(paramName, msg), ctx);

    public static Exception ExceptEmpty(string paramName, string msg = null) => ExceptEmpty(null, paramName, msg);

    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName, string msg = null)
        => ExceptParam(ctx, paramName, msg ?? paramName + " cannot be null or empty");

    public static Exception ExceptWhiteSpace(this IExceptionContext ctx, string paramName, string msg = null)
        => ExceptParam(ctx, paramName, msg ?? paramName + " cannot be null or white space");

    public static Exception ExceptDecode(string msg, params object[] args) => ExceptDecode((IExceptionContext)null, msg, args);

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg, params object[] args)
        => Process(new FormatException(Format(msg, args)), ctx);

    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg, params object[] args)
        => Process(new FormatException(Format(msg, args), inner), ctx);

    public static Exception ExceptNotSupp(this IExceptionContext ctx, string msg, params object[] args)
        => Process(new NotSupportedException(Format(msg, args)), ctx);

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName)
        => ExceptParam(ctx, paramName, $"Could not find {columnRole} column '{columnName}'");

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName,
        string expectedType, string actualType)
        => ExceptParam(ctx, paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}");

    private static Exception Process(Exception ex, IExceptionContext ctx) => ctx != null ? ctx.Process(ex) : Mark(ex);

    // A message without arguments may hold braces.
    private static string Format(string msg, object[] args)
        => args.Length == 0 ? msg : string.Format(CultureInfo.InvariantCulture, msg, args);
}
