using System;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => Shim.ts_grad_mode() != 0;

    public static bool is_inference_mode_enabled() => Shim.ts_inference_mode() != 0;

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static int get_num_threads() => Shim.ts_get_num_threads();

    public static unsafe void set_num_threads(int num) => Shim.Check(Shim.ts_set_num_threads(num));

    /// <summary>Switches this thread's recording of gradients until it is disposed of.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly byte _before = Shim.ts_grad_mode();

        public GradMode(bool enabled) => Shim.ts_set_grad_mode(enabled ? (byte)1 : (byte)0);

        public void Dispose() => Shim.ts_set_grad_mode(_before);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = Shim.ts_enter_inference_mode(enabled ? (byte)1 : (byte)0);

        public void Dispose()
        {
            if (_guard != 0)
                Shim.ts_leave_inference_mode(_guard);
            _guard = 0;
        }
    }
}
