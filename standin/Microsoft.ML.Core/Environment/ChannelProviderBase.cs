namespace Microsoft.ML.Runtime;

/// <summary>A named part of an environment, which its exceptions and messages tell.</summary>
internal abstract class ChannelProviderBase : IExceptionContext
{
    protected ChannelProviderBase(string shortName, string parentFullName, bool verbose)
    {
        ShortName = string.IsNullOrEmpty(shortName) ? null : shortName;
        ParentFullName = string.IsNullOrEmpty(parentFullName) ? null : parentFullName;
        FullName = ParentFullName == null ? ShortName : $"{ParentFullName}; {ShortName}";
        Verbose = verbose;
    }

    public string ShortName { get; }

    public string ParentFullName { get; }

    public string FullName { get; }

    public bool Verbose { get; }

    public virtual string ContextDescription => FullName;

    public virtual TException Process<TException>(TException ex)
        where TException : System.Exception
        => Process(ex, ShortName, ParentFullName);

    protected static TException Process<TException>(TException ex, string component, string parent)
        where TException : System.Exception
    {
        if (ex == null)
            return null;
        ex.Data["Throwing component"] = component;
        ex.Data["Parent component"] = parent;
        return Contracts.Mark(ex);
    }
}

/// <summary>Whom a message comes from.</summary>
internal interface IMessageSource
{
    string FullName { get; }
}
