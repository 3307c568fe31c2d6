using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Runtime;

internal static partial class ProgressReporting
{
    /// <summary>The channel of one calculation. What its subchannels fill in is shown together with its own.</summary>
    public sealed class ProgressChannel : IProgressChannel
    {
        private readonly IExceptionContext _ectx;
        private readonly ProgressTracker _tracker;
        private readonly Source _source = new();
        private readonly List<SubChannel> _subChannels = new();
        private bool _isDisposed;

        public ProgressChannel(IExceptionContext ectx, ProgressTracker tracker, string computationName)
        {
            _ectx = ectx;
            _tracker = tracker;
            Name = computationName;
            _tracker.Log(this, ProgressEvent.EventKind.Start, null);
        }

        public string Name { get; }

        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _source.Set(header, fillAction);

        public void Checkpoint(params double?[] values)
        {
            _ectx.Check(!_isDisposed, "Can't report checkpoints after disposing");
            var entry = new ProgressEntry(true, _source.Header);
            int read = 0;
            foreach (double?[] target in new[] { entry.Metrics, entry.Progress, entry.ProgressLim })
            {
                for (int i = 0; i < target.Length && read < values?.Length; i++)
                    target[i] = values[read++];
            }

            _ectx.Check(read == (values?.Length ?? 0), "Too many values provided in Checkpoint");
            for (int i = 0; i < entry.ProgressLim.Length; i++)
            {
                if (entry.ProgressLim[i] is double.NaN)
                    entry.ProgressLim[i] = null;
            }

            _tracker.Log(this, ProgressEvent.EventKind.Progress, entry);
        }

        public IProgressChannel StartProgressChannel(string name) => new SubChannel(this, level: 1);

        public void Dispose()
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _tracker.Log(this, ProgressEvent.EventKind.Stop, null);
        }

        public ProgressEntry GetProgress()
        {
            ProgressEntry[] parts;
            lock (_subChannels)
            {
                parts = _subChannels.OrderBy(channel => channel.Level).Select(channel => channel.Source.Fill())
                    .Prepend(_source.Fill()).ToArray();
            }

            var joint = new ProgressEntry(false, new ProgressHeader(
                parts.SelectMany(part => part.Header.MetricNames).ToArray(),
                parts.SelectMany(part => part.Header.UnitNames).ToArray()));
            parts.SelectMany(part => part.Metrics).ToArray().CopyTo(joint.Metrics, 0);
            parts.SelectMany(part => part.Progress).ToArray().CopyTo(joint.Progress, 0);
            parts.SelectMany(part => part.ProgressLim).ToArray().CopyTo(joint.ProgressLim, 0);
            return joint;
        }

        /// <summary>A header and what fills it in, which change together.</summary>
        private sealed class Source
        {
            private volatile Tuple<ProgressHeader, Action<IProgressEntry>> _current
                = Tuple.Create<ProgressHeader, Action<IProgressEntry>>(new ProgressHeader(), null);

            public ProgressHeader Header => _current.Item1;

            public void Set(ProgressHeader header, Action<IProgressEntry> fillAction) => _current = Tuple.Create(header, fillAction);

            public ProgressEntry Fill()
            {
                (ProgressHeader header, Action<IProgressEntry> fillAction) = _current;
                var entry = new ProgressEntry(false, header);
                fillAction?.Invoke(entry);
                return entry;
            }
        }

        private sealed class SubChannel : IProgressChannel
        {
            private readonly ProgressChannel _root;

            public SubChannel(ProgressChannel root, int level)
            {
                _root = root;
                Level = level;
                lock (root._subChannels)
                    root._subChannels.Add(this);
            }

            public int Level { get; }

            public Source Source { get; } = new();

            public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => Source.Set(header, fillAction);

            // As in ML.NET, only a calculation's own channel reports checkpoints.
            public void Checkpoint(params double?[] values)
            {
            }

            public IProgressChannel StartProgressChannel(string name) => new SubChannel(_root, Level + 1);

            public void Dispose()
            {
                lock (_root._subChannels)
                    _root._subChannels.Remove(this);
            }
        }
    }
}
