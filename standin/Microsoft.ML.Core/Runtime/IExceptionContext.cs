using System;

namespace Microsoft.ML.Runtime;

/// <summary>A component that exceptions tell about.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}
