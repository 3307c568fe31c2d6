using System.Collections.Generic;

namespace Microsoft.ML.Runtime;

/// <summary>How an environment learns of progress: channels report checkpoints, and the tracker asks those that were silent.</summary>
internal static partial class ProgressReporting
{
    /// <summary>The values at one time, named by a header; null where nobody set one.</summary>
    public sealed class ProgressEntry : IProgressEntry
    {
        public readonly ProgressHeader Header;
        public readonly bool IsCheckpoint;
        public readonly double?[] Progress;
        public readonly double?[] ProgressLim;
        public readonly double?[] Metrics;

        public ProgressEntry(bool isCheckpoint, ProgressHeader header)
        {
            Contracts.CheckValue(header, nameof(header));
            Header = header;
            IsCheckpoint = isCheckpoint;
            Progress = new double?[header.UnitNames.Count];
            ProgressLim = new double?[header.UnitNames.Count];
            Metrics = new double?[header.MetricNames.Count];
        }

        public void SetProgress(int index, double value) => SetProgress(index, value, double.NaN);

        public void SetProgress(int index, double value, double lim)
        {
            CheckIndex(index, Progress);
            Progress[index] = value;
            ProgressLim[index] = double.IsNaN(lim) ? null : lim;
        }

        public void SetMetric(int index, double value)
        {
            CheckIndex(index, Metrics);
            Metrics[index] = value;
        }

        private static void CheckIndex(int index, double?[] values)
            => Contracts.Check(0 <= index && index < values.Length, "The progress header has no such value");
    }

    public sealed class ProgressEvent
    {
        public readonly int Index;
        public readonly string Name;
        public readonly EventKind Kind;
        public readonly ProgressEntry ProgressEntry;

        public ProgressEvent(int index, string name, EventKind kind, ProgressEntry entry = null)
        {
            Index = index;
            Name = name;
            Kind = kind;
            ProgressEntry = entry;
        }

        public enum EventKind
        {
            Start,
            Progress,
            Stop,
        }
    }

    public sealed class ProgressTracker
    {
        private readonly IExceptionContext _ectx;
        private readonly object _lock = new();
        private readonly Queue<ProgressEvent> _events = new();
        private readonly List<Calculation> _running = new();
        private readonly HashSet<string> _names = new();
        private int _count;

        public ProgressTracker(IExceptionContext ectx)
        {
            _ectx = ectx;
        }

        public void Log(ProgressChannel source, ProgressEvent.EventKind kind, ProgressEntry entry)
        {
            lock (_lock)
            {
                Calculation calculation = kind == ProgressEvent.EventKind.Start ? Begin(source) : _running.Find(other => other.Channel == source);
                if (calculation == null)
                    throw _ectx.Except("Event sent after the calculation lifetime expired.");
                _events.Enqueue(calculation.CreateEvent(kind, entry));
                if (kind == ProgressEvent.EventKind.Stop)
                    _running.Remove(calculation);
            }
        }

        /// <summary>What was reported since the last call, and for each calculation that reported nothing its state now.</summary>
        public List<ProgressEvent> GetAllProgress()
        {
            var events = new List<ProgressEvent>();
            var silent = new List<Calculation>();
            lock (_lock)
            {
                events.AddRange(_events);
                _events.Clear();
                silent.AddRange(_running.FindAll(calculation => !events.Exists(reported => reported.Index == calculation.Index)));
            }

            // Not under the lock: this calls the computation's own code.
            foreach (Calculation calculation in silent)
                events.Add(calculation.CreateEvent(ProgressEvent.EventKind.Progress, calculation.Channel.GetProgress()));
            return events;
        }

        private Calculation Begin(ProgressChannel channel)
        {
            string name = channel.Name;
            for (int i = 2; !_names.Add(name); i++)
                name = $"{channel.Name} #{i}";
            var calculation = new Calculation(++_count, name, channel);
            _running.Add(calculation);
            return calculation;
        }

        private sealed record Calculation(int Index, string Name, ProgressChannel Channel)
        {
            public ProgressEvent CreateEvent(ProgressEvent.EventKind kind, ProgressEntry entry) => new(Index, Name, kind, entry);
        }
    }
}
