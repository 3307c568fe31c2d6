using System;
using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment behind every <see cref="MLContext"/>.</summary>
internal sealed class LocalEnvironment : HostEnvironmentBase
{
    public LocalEnvironment(int? seed = null)
        : base(seed, verbose: false)
    {
    }

    public void AddListener(Action<IMessageSource, ChannelMessage> listener) => AddListener<ChannelMessage>(listener);

    public void RemoveListener(Action<IMessageSource, ChannelMessage> listener) => RemoveListener<ChannelMessage>(listener);

    protected override IHost RegisterCore(HostEnvironmentBase source, string shortName, string parentFullName, Random rand, bool verbose)
        => new Host(source, shortName, parentFullName, rand, verbose);

    protected override IChannel CreateCommChannel(ChannelProviderBase parent, string name)
        => new Channel(parent, name, GetDispatchDelegate<ChannelMessage>());

    protected override IPipe<TMessage> CreatePipe<TMessage>(ChannelProviderBase parent, string name)
        => new Pipe<TMessage>(parent, name, GetDispatchDelegate<TMessage>());

    private sealed class Host : HostBase
    {
        public Host(HostEnvironmentBase source, string shortName, string parentFullName, Random rand, bool verbose)
            : base(source, shortName, parentFullName, rand, verbose)
        {
            IsCanceled = source.IsCanceled;
        }

        protected override IHost RegisterCore(HostEnvironmentBase source, string shortName, string parentFullName, Random rand, bool verbose)
            => new Host(source, shortName, parentFullName, rand, verbose);

        protected override IChannel CreateCommChannel(ChannelProviderBase parent, string name)
            => new Channel(parent, name, GetDispatchDelegate<ChannelMessage>());

        protected override IPipe<TMessage> CreatePipe<TMessage>(ChannelProviderBase parent, string name)
            => new Pipe<TMessage>(parent, name, GetDispatchDelegate<TMessage>());
    }

    /// <summary>A channel that says when it starts, and when and after how long it ends.</summary>
    private sealed class Channel : ChannelBase
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public Channel(ChannelProviderBase parent, string shortName, Action<IMessageSource, ChannelMessage> dispatch)
            : base(parent, shortName, dispatch)
        {
            Say("Channel started");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Say($"Channel finished. Elapsed {_watch.Elapsed:c}.");
                Say("Channel disposed");
            }
            base.Dispose(disposing);
        }

        private void Say(string message) => Dispatch(this, new ChannelMessage(ChannelMessageKind.Trace, MessageSensitivity.None, message));
    }
}
