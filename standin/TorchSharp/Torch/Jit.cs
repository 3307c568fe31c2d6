using System;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe class jit
    {
        public static CompilationUnit compile(string script)
        {
            if (string.IsNullOrEmpty(script))
                throw new ArgumentNullException("empty script");
            Shim.Check(Shim.ts_compile(script, out nint unit));
            return new CompilationUnit(unit);
        }

        /// <summary>The functions of a script.</summary>
        public class CompilationUnit : IDisposable
        {
            private nint _handle;

            internal CompilationUnit(nint handle) => _handle = handle;

            ~CompilationUnit() => Dispose(false);

            public TResult invoke<TResult>(string name, params object[] inputs) => (TResult)invoke(name, inputs);

            /// <summary>Calls a function: a tensor, a <see cref="Scalar"/>, null, or a tuple or array of these.</summary>
            public object invoke(string name, params object[] objs)
            {
                if (string.IsNullOrEmpty(name))
                    throw new ArgumentNullException("method name");
                ObjectDisposedException.ThrowIf(_handle == 0, this);

                Shim.Check(Shim.ts_find_function(_handle, name, out nint function));
                Value* results;
                Aten.Invoke(&Shim.ts_invoke, function, Array.ConvertAll(objs, Lower), &results);
                GC.KeepAlive(this);
                return Results.Object(ref results);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                nint handle = _handle;
                _handle = 0;
                if (handle != 0)
                    Shim.ts_free_unit(handle);
            }

            private static Argument Lower(object value) => value switch
            {
                null => Argument.None,
                Tensor tensor => tensor,
                Tensor[] tensors => tensors,
                Scalar scalar => scalar,
                float number => (double)number,
                double number => number,
                bool truth => truth,
                int number => (long)number,
                long number => number,
                _ => throw new NotImplementedException($"Passing arguments of type {value.GetType().Name} to TorchScript."),
            };
        }
    }
}
