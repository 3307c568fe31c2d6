using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;

namespace Microsoft.ML.Runtime;

/// <summary>
/// A root environment, or the host that one component got from it. Hosts share the root's listeners, catalog and
/// progress, and take over its settings.
/// </summary>
internal abstract partial class HostEnvironmentBase : ChannelProviderBase, IHostEnvironmentInternal, ICancelable
{
    protected readonly HostEnvironmentBase Master;
    protected readonly ProgressReporting.ProgressTracker ProgressTracker;

    private readonly ConcurrentDictionary<Type, Dispatcher> _dispatchers;
    private readonly List<WeakReference<ICancelable>> _children = new();
    private readonly object _lock = new();
    private readonly Random _rand;

    protected HostEnvironmentBase(int? seed, bool verbose, string shortName = null, string parentFullName = null)
        : base(shortName, parentFullName, verbose)
    {
        ProgressTracker = new ProgressReporting.ProgressTracker(this);
        ComponentCatalog = new ComponentCatalog();
        Seed = seed;
        TempFilePath = Path.GetTempPath();
        _dispatchers = new ConcurrentDictionary<Type, Dispatcher>();
        _rand = RandomUtils.Create(seed);
    }

    protected HostEnvironmentBase(HostEnvironmentBase source, Random rand, bool verbose, string shortName = null, string parentFullName = null)
        : base(shortName, parentFullName, verbose)
    {
        Contracts.CheckValue(source, nameof(source));
        Master = source;
        ProgressTracker = source.ProgressTracker;
        ComponentCatalog = source.ComponentCatalog;
        Seed = source.Seed;
        TempFilePath = source.TempFilePath;
        GpuDeviceId = source.GpuDeviceId;
        FallbackToCpu = source.FallbackToCpu;
        _dispatchers = source._dispatchers;
        _rand = rand;
    }

    public int? Seed { get; }

    public string TempFilePath { get; set; }

    public int? GpuDeviceId { get; set; }

    public bool FallbackToCpu { get; set; }

    public ComponentCatalog ComponentCatalog { get; }

    public bool IsCanceled { get; protected set; }

    public override string ContextDescription => "HostEnvironment";

    public override TException Process<TException>(TException ex) => Process(ex, "Environment", null);

    void ICancelable.CancelExecution()
    {
        lock (_lock)
        {
            IsCanceled = true;
            foreach (WeakReference<ICancelable> child in _children)
            {
                if (child.TryGetTarget(out ICancelable host))
                    host.CancelExecution();
            }

            _children.Clear();
        }
    }

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            Random rand = seed.HasValue ? RandomUtils.Create(seed) : RandomUtils.Create(_rand);
            IHost host = RegisterCore(this, name, Master?.FullName, rand, verbose ?? Verbose);
            _children.RemoveAll(child => !child.TryGetTarget(out _));
            if (!IsCanceled && host is ICancelable cancelable)
                _children.Add(new WeakReference<ICancelable>(cancelable));
            return host;
        }
    }

    public IChannel Start(string name) => CreateCommChannel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => CreatePipe<TMessage>(this, name);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressReporting.ProgressChannel(this, ProgressTracker, name);
    }

    public void AddListener<TMessage>(Action<IMessageSource, TMessage> listenerFunc)
    {
        Contracts.CheckValue(listenerFunc, nameof(listenerFunc));
        DispatcherOf<TMessage>().AddListener(listenerFunc);
    }

    public void RemoveListener<TMessage>(Action<IMessageSource, TMessage> listenerFunc)
    {
        Contracts.CheckValue(listenerFunc, nameof(listenerFunc));
        DispatcherOf<TMessage>().RemoveListener(listenerFunc);
    }

    protected abstract IHost RegisterCore(HostEnvironmentBase source, string shortName, string parentFullName, Random rand, bool verbose);

    protected abstract IChannel CreateCommChannel(ChannelProviderBase parent, string name);

    protected abstract IPipe<TMessage> CreatePipe<TMessage>(ChannelProviderBase parent, string name);

    protected Action<IMessageSource, TMessage> GetDispatchDelegate<TMessage>() => DispatcherOf<TMessage>().Dispatch;

    private Dispatcher<TMessage> DispatcherOf<TMessage>()
        => (Dispatcher<TMessage>)_dispatchers.GetOrAdd(typeof(TMessage), _ => new Dispatcher<TMessage>());

    public abstract class HostBase : HostEnvironmentBase, IHost
    {
        protected HostBase(HostEnvironmentBase source, string shortName, string parentFullName, Random rand, bool verbose)
            : base(source, rand, verbose, shortName, parentFullName)
        {
        }

        public Random Rand => _rand;
    }
}
