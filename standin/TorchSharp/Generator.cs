using System;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe class Generator : IDisposable
    {
        private Generator(nint handle, Device device)
        {
            Handle = handle;
            this.device = device;
        }

        public Generator(ulong seed = 0, Device device = null)
        {
            // As in TorchSharp, the numbers are drawn on the CPU whatever the device.
            Shim.Check(Shim.ts_new_generator(seed, out nint handle));
            Handle = handle;
            this.device = device ?? CPU;
        }

        ~Generator() => Dispose(false);

        public static Generator Default
        {
            get
            {
                Shim.Check(Shim.ts_default_generator(out nint handle));
                return new Generator(handle, CPU);
            }
        }

        public nint Handle { get; private set; }

        public Device device { get; private set; }

        public Generator manual_seed(long seed)
        {
            Shim.Check(Shim.ts_seed_generator(Handle, (ulong)seed));
            return this;
        }

        public long initial_seed() => (long)Shim.ts_initial_seed(Handle);

        public Tensor get_state()
        {
            Shim.Check(Shim.ts_get_state(Handle, out nint state));
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Shim.Check(Shim.ts_set_state(Handle, value is null ? 0 : value.Handle));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Handle;
            Handle = 0;
            if (handle != 0)
                Shim.ts_free_generator(handle);
        }
    }

    /// <summary>Seeds the default generators of all devices and returns the processor's.</summary>
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static class random
    {
        public static unsafe Generator manual_seed(long seed)
        {
            Shim.Check(Shim.ts_manual_seed((ulong)seed));
            return Generator.Default;
        }

        public static Tensor get_rng_state()
        {
            using Generator generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using Generator generator = Generator.Default;
            generator.set_state(new_state);
        }
    }
}
