using System;

namespace Microsoft.ML.Runtime;

internal abstract class Dispatcher
{
}

/// <summary>Hands the messages of one type to the listeners there are at the time.</summary>
internal sealed class Dispatcher<TMessage> : Dispatcher
{
    private readonly object _lock = new();
    private volatile Action<IMessageSource, TMessage> _listeners;

    public void Dispatch(IMessageSource sender, TMessage message) => _listeners?.Invoke(sender, message);

    public void AddListener(Action<IMessageSource, TMessage> listener)
    {
        lock (_lock)
            _listeners += listener;
    }

    public void RemoveListener(Action<IMessageSource, TMessage> listener)
    {
        lock (_lock)
            _listeners -= listener;
    }
}
