using System;
using System.Threading;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle on a tensor of libtorch's. Several may share one tensor's memory.</summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        private nint _handle;

        internal Tensor(nint handle, bool register = true)
        {
            _handle = handle;
            long count = Interlocked.Increment(ref _totalCount);
            _peakCount = Math.Max(count, _peakCount);
            if (register)
                OwningDisposeScope = DisposeScopeManager.Current.Register(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>How many handles there are.</summary>
        public static long TotalCount => _totalCount;

        public static long PeakCount => _peakCount;

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        public string name { get; set; }

        internal DisposeScope OwningDisposeScope { get; set; }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (OwningDisposeScope is null)
                other?.Attach(this);
            else
                OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0)
                return;
            DisposeScopeManager.Current.CountDisposal(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref _totalCount);
            Shim.ts_free(TakeHandle());
        }

        /// <summary>Gives the native tensor away. As in TorchSharp, <see cref="TotalCount"/> goes on counting this object.</summary>
        internal nint TakeHandle() => Interlocked.Exchange(ref _handle, 0);
    }
}
