using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Native;

/// <summary>The C ABI of native/torch. An entry that can fail returns null or a message.</summary>
internal static unsafe partial class Shim
{
    private const string Library = "TorchStandin";

    // Debian's OpenBLAS takes processors newer than itself for very old ones, and multiplies matrices at a quarter of their
    // speed. It asks this variable when it is loaded; whoever has set it has decided.
    static Shim()
    {
        if (Avx512F.IsSupported)
            setenv("OPENBLAS_CORETYPE", "SkylakeX", overwrite: 0);
        else if (Avx2.IsSupported)
            setenv("OPENBLAS_CORETYPE", "Haswell", overwrite: 0);
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* ts_find_operator(string name, string overload, out nint operation);

    [LibraryImport(Library)]
    internal static partial byte* ts_call(nint operation, Value* arguments, int count, Value** results);

    [LibraryImport(Library)]
    internal static partial int ts_get_num_threads();

    [LibraryImport(Library)]
    internal static partial byte* ts_set_num_threads(int count);

    [LibraryImport(Library)]
    internal static partial int ts_device_count(int deviceType);

    [LibraryImport(Library)]
    internal static partial void ts_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial byte* ts_describe(nint tensor, out TensorDescription description);

    [LibraryImport(Library)]
    internal static partial byte* ts_wrap(void* data, long* sizes, int dimensions, int scalarType, delegate* unmanaged<nint, void> release, nint context, out nint tensor);

    [LibraryImport(Library)]
    internal static partial byte* ts_data(nint tensor, out void* data);

    [LibraryImport(Library)]
    internal static partial byte* ts_set_requires_grad(nint tensor, byte requiresGrad);

    [LibraryImport(Library)]
    internal static partial byte* ts_get_grad(nint tensor, out nint gradient);

    [LibraryImport(Library)]
    internal static partial byte* ts_set_grad(nint tensor, nint gradient);

    [LibraryImport(Library)]
    internal static partial byte* ts_grad(nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradOutputs, int gradOutputCount, byte retainGraph, byte createGraph, byte allowUnused, nint* gradients);

    [LibraryImport(Library)]
    internal static partial byte* ts_backward(nint* outputs, int outputCount, nint* gradOutputs, int gradOutputCount, byte retainGraph, byte createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial byte ts_grad_mode();

    [LibraryImport(Library)]
    internal static partial void ts_set_grad_mode(byte enabled);

    [LibraryImport(Library)]
    internal static partial nint ts_enter_inference_mode(byte enabled);

    [LibraryImport(Library)]
    internal static partial void ts_leave_inference_mode(nint guard);

    [LibraryImport(Library)]
    internal static partial byte ts_inference_mode();

    [LibraryImport(Library)]
    internal static partial byte* ts_new_generator(ulong seed, out nint generator);

    [LibraryImport(Library)]
    internal static partial byte* ts_default_generator(out nint generator);

    [LibraryImport(Library)]
    internal static partial void ts_free_generator(nint generator);

    [LibraryImport(Library)]
    internal static partial byte* ts_manual_seed(ulong seed);

    [LibraryImport(Library)]
    internal static partial byte* ts_seed_generator(nint generator, ulong seed);

    [LibraryImport(Library)]
    internal static partial ulong ts_initial_seed(nint generator);

    [LibraryImport(Library)]
    internal static partial byte* ts_get_state(nint generator, out nint state);

    [LibraryImport(Library)]
    internal static partial byte* ts_set_state(nint generator, nint state);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* ts_compile(string script, out nint unit);

    [LibraryImport(Library)]
    internal static partial void ts_free_unit(nint unit);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* ts_find_function(nint unit, string name, out nint function);

    [LibraryImport(Library)]
    internal static partial byte* ts_invoke(nint function, Value* arguments, int count, Value** results);

    /// <summary>Throws what libtorch reported, as TorchSharp does.</summary>
    internal static void Check(byte* message)
    {
        if (message is not null)
            throw new ExternalException(Marshal.PtrToStringUTF8((nint)message));
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
