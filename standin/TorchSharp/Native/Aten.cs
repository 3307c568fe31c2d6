using System;
using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>Calls libtorch's operators by the names that PyTorch's native_functions.yaml gives them, as "add.Tensor".</summary>
internal static unsafe class Aten
{
    private static readonly ConcurrentDictionary<string, nint> _operators = new();

    /// <summary>Calls an operator whose one result is a tensor; null if it is undefined.</summary>
    public static Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value* results;
        Invoke(name, arguments, &results);
        return Results.Tensor(ref results);
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    public static (Tensor, Tensor) CallPair(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value* results;
        Invoke(name, arguments, &results);
        return (Results.Tensor(ref results), Results.Tensor(ref results));
    }

    /// <summary>Calls an operator that returns a list of tensors.</summary>
    public static Tensor[] CallList(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value* results;
        Invoke(name, arguments, &results);
        return (Tensor[])Results.Object(ref results);
    }

    /// <summary>Calls an operator that returns a number or a truth value.</summary>
    public static Scalar CallScalar(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value* results;
        Invoke(name, arguments, &results);
        return (Scalar)Results.Object(ref results);
    }

    /// <summary>Calls an in-place operator, and gives the tensor that it changes: its first argument.</summary>
    public static Tensor Update(string name, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, arguments, null);
        return (Tensor)arguments[0].Owner;
    }

    private static void Invoke(string name, ReadOnlySpan<Argument> arguments, Value** results) =>
        Invoke(&Shim.ts_call, _operators.GetOrAdd(name, Find), arguments, results);

    /// <summary>Calls an entry of the shim that takes tagged values.</summary>
    internal static void Invoke(delegate*<nint, Value*, int, Value**, byte*> entry, nint callee, ReadOnlySpan<Argument> arguments, Value** results)
    {
        int words = 0;
        foreach (ref readonly Argument argument in arguments)
            words += argument.Words;
        Span<Value> values = arguments.Length <= 16 ? stackalloc Value[arguments.Length] : new Value[arguments.Length];
        Span<long> elements = words <= 64 ? stackalloc long[words] : new long[words];
        fixed (Value* pinned = values)
        fixed (long* start = elements)
        {
            long* free = start;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = arguments[i].Lower(free);
                free += arguments[i].Words;
            }
            Shim.Check(entry(callee, pinned, values.Length, results));
        }

        // The garbage collector must not finalize a tensor while libtorch reads it.
        foreach (ref readonly Argument argument in arguments)
            GC.KeepAlive(argument.Owner);
    }

    private static nint Find(string name)
    {
        int dot = name.IndexOf('.');
        string basic = dot < 0 ? name : name[..dot];
        Shim.Check(Shim.ts_find_operator(basic.Contains(':') ? basic : "aten::" + basic, dot < 0 ? "" : name[(dot + 1)..], out nint operation));
        return operation;
    }
}
