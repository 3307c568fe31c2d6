using System;

namespace Microsoft.ML.Runtime;

internal abstract partial class HostEnvironmentBase
{
    protected abstract class PipeBase<TMessage> : ChannelProviderBase, IPipe<TMessage>, IMessageSource
    {
        protected readonly Action<IMessageSource, TMessage> Dispatch;

        private readonly ChannelProviderBase _parent;
        private bool _disposed;

        protected PipeBase(ChannelProviderBase parent, string shortName, Action<IMessageSource, TMessage> dispatch)
            : base(shortName, parent.FullName, parent.Verbose)
        {
            _parent = parent;
            Dispatch = dispatch;
        }

        public void Send(TMessage msg) => Dispatch(this, msg);

        public override TException Process<TException>(TException ex)
        {
            ex = Process(ex, _parent.ShortName, _parent.ParentFullName);
            if (ex != null)
                ex.Data["Phase"] = ShortName;
            return ex;
        }

        public void Dispose()
        {
            if (_disposed)
                return;
            Dispose(true);
            _disposed = true;
        }

        protected virtual void Dispose(bool disposing)
        {
        }
    }

    protected sealed class Pipe<TMessage> : PipeBase<TMessage>
    {
        public Pipe(ChannelProviderBase parent, string shortName, Action<IMessageSource, TMessage> dispatch)
            : base(parent, shortName, dispatch)
        {
        }
    }

    protected abstract class ChannelBase : PipeBase<ChannelMessage>, IChannel
    {
        protected ChannelBase(ChannelProviderBase parent, string shortName, Action<IMessageSource, ChannelMessage> dispatch)
            : base(parent, shortName, dispatch)
        {
        }

        public void Trace(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Trace, sensitivity, fmt);

        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Trace, sensitivity, fmt, args);

        public void Error(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Error, sensitivity, fmt);

        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Error, sensitivity, fmt, args);

        public void Warning(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Warning, sensitivity, fmt);

        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Warning, sensitivity, fmt, args);

        public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, sensitivity, fmt);

        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Info, sensitivity, fmt, args);

        private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string message)
            => Dispatch(this, new ChannelMessage(kind, sensitivity, message));

        private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[] args)
            => Dispatch(this, new ChannelMessage(kind, sensitivity, format, args));
    }
}
