using System;

namespace Microsoft.ML.Runtime;

public interface IChannelProvider : IExceptionContext
{
    IChannel Start(string name);

    IPipe<TMessage> StartPipe<TMessage>(string name);
}

/// <summary>Carries messages of one type to whoever listens to that type.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
    void Send(TMessage msg);
}

/// <summary>A pipe for text.</summary>
public interface IChannel : IPipe<ChannelMessage>
{
    void Trace(MessageSensitivity sensitivity, string fmt);

    void Trace(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Error(MessageSensitivity sensitivity, string fmt);

    void Error(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Warning(MessageSensitivity sensitivity, string fmt);

    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Info(MessageSensitivity sensitivity, string fmt);

    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);
}

/// <summary>For messages of which nobody said what they might give away.</summary>
internal static class HostExtensions
{
    public static void Trace(this IChannel ch, string fmt, params object[] args)
        => ch.Trace(MessageSensitivity.Unknown, Format(fmt, args));

    public static void Warning(this IChannel ch, string fmt, params object[] args)
        => ch.Warning(MessageSensitivity.Unknown, Format(fmt, args));

    public static void Info(this IChannel ch, string fmt, params object[] args)
        => ch.Info(MessageSensitivity.Unknown, Format(fmt, args));

    private static string Format(string fmt, object[] args) => args.Length == 0 ? fmt : string.Format(fmt, args);
}
