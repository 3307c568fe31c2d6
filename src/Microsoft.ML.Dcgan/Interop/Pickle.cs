using System.Buffers.Binary;
using System.Numerics;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>Reads as much of protocol 2 as state dictionaries need. A pickle is a program for a stack machine; the one here knows only the
/// instructions below and the names in <see cref="PickledTypes"/>, never recurses, and makes no more than the pickle is long.</summary>
internal sealed class PickleReader(byte[] pickle, string fileName)
{
    private const int LongestInteger = 8;
    private const int LongestName = 200;
    private readonly Stack<List<object?>> _outer = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private List<object?> _stack = [];
    private int _position;

    /// <exception cref="FormatException">It is damaged, or asks for what is not among the few things that weights need.</exception>
    public object? Read()
    {
        byte code;
        while ((code = Take(1)[0]) != '.')
            Execute(code);
        return Pop();
    }

    private void Execute(byte code)
    {
        switch (code)
        {
            case 0x80: // PROTO
                byte version = Take(1)[0];
                if (version is not (2 or 3))
                    throw Refused($"is of pickle protocol {version}, but PyTorch's 2 is expected");
                break;
            case (byte)'c': Push(Known(new PickledName(Line(), Line()))); break; // GLOBAL
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'K': Push((long)Take(1)[0]); break; // BININT1
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break; // BININT2
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break; // BININT
            case 0x8a: Push(Integer(Take(Take(1)[0]))); break; // LONG1
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break; // BINFLOAT
            case (byte)'X': Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))); break; // BINUNICODE
            case (byte)'}': Push(new PickledDictionary()); break; // EMPTY_DICT
            case (byte)')': Push(Array.Empty<object?>()); break; // EMPTY_TUPLE
            case (byte)'(': // MARK
                _outer.Push(_stack);
                _stack = [];
                break;
            case (byte)'t': Push(Marked().ToArray()); break; // TUPLE
            case 0x85: Push(Last(1)); break;
            case 0x86: Push(Last(2)); break;
            case 0x87: Push(Last(3)); break;
            case (byte)'q': _memo[Take(1)[0]] = Peek(); break; // BINPUT
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break; // LONG_BINPUT
            case (byte)'h': Push(Remembered(Take(1)[0])); break; // BINGET
            case (byte)'j': Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break; // LONG_BINGET
            case (byte)'s': SetItems(Last(2)); break; // SETITEM
            case (byte)'u': SetItems(Marked()); break; // SETITEMS
            case (byte)'b': // BUILD: the attributes of an ordered dictionary tell modules' versions.
                Pop();
                if (Peek() is not PickledDictionary)
                    throw Refused("sets attributes of something that is no dictionary");
                break;
            case (byte)'Q': // BINPERSID
                Push(PickledTypes.Storage(Pop() as object?[] ?? []) ?? throw Refused("refers to a storage in an unknown way"));
                break;
            case (byte)'R': // REDUCE
                object?[] arguments = Pop() as object?[] ?? [];
                var function = Pop() as PickledName;
                Push(PickledTypes.Call(function, arguments)
                    ?? throw Refused($"calls '{function?.ToString() ?? "something"}' with arguments that do not fit"));
                break;
            default:
                throw Refused($"has the instruction 0x{code:x2} at byte {_position - 1}, which no state dictionary needs");
        }
    }

    private PickledName Known(PickledName name) => PickledTypes.Knows(name) ? name
        : throw Refused($"asks for '{name}', which is not among the few classes and functions that weights need (nothing of it was run)");

    private void SetItems(IReadOnlyList<object?> items)
    {
        if (Peek() is not PickledDictionary dictionary || items.Count % 2 != 0)
            throw Refused("sets items of something that is no dictionary");
        dictionary.AddRange(items.Chunk(2).Select(pair => (pair[0], pair[1])));
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > pickle.Length - _position)
            throw Refused($"ends within an instruction, at byte {pickle.Length}, so it is truncated");
        _position += (int)length;
        return pickle.AsSpan(_position - (int)length, (int)length);
    }

    private string Line()
    {
        int length = pickle.AsSpan(_position).IndexOf((byte)'\n');
        if (length is < 0 or > LongestName)
            throw Refused($"has a name of more than {LongestName} bytes");
        string line = Encoding.UTF8.GetString(Take((uint)length));
        Take(1);
        return line;
    }

    private long Integer(ReadOnlySpan<byte> bytes) => bytes.Length <= LongestInteger ? (long)new BigInteger(bytes)
        : throw Refused($"has an integer of {bytes.Length} bytes, but at most {LongestInteger} are expected");

    private object? Remembered(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw Refused($"recalls item {index}, which it has not stored");

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > 0 ? _stack[^1] : throw Refused("takes from an empty stack");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] Last(int count)
    {
        object?[] values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private List<object?> Marked()
    {
        if (_outer.Count == 0)
            throw Refused("closes what it has not opened");
        List<object?> values = _stack;
        _stack = _outer.Pop();
        return values;
    }

    private FormatException Refused(string what) => new($"{fileName} {what}: it is damaged, or no state_dict() that PyTorch saved.");
}

/// <summary>A class or function that a pickle names. It is known by its name alone: nothing of that name is looked up or run.</summary>
internal sealed record PickledName(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A pickle's dictionary, ordered or not.</summary>
internal sealed class PickledDictionary : List<(object? Key, object? Value)>;

/// <summary>Numbers that lie in an entry of their own, whose name is the key.</summary>
internal sealed record PickledStorage(ScalarType Type, string Key, long Count);

/// <summary>A tensor over a part of a storage, from the number at the offset on; strides are numbers from one to the next.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);

/// <summary>The classes and functions that a state dictionary of PyTorch names, and what each makes. There are no others.</summary>
internal static class PickledTypes
{
    public static readonly PickledName OrderedDictionary = new("collections", "OrderedDict");
    public static readonly PickledName RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    private static readonly PickledName _rebuildParameter = new("torch._utils", "_rebuild_parameter");
    private static readonly Dictionary<PickledName, ScalarType> _storages = new()
    {
        [new("torch", "DoubleStorage")] = ScalarType.Float64,
        [new("torch", "FloatStorage")] = ScalarType.Float32,
        [new("torch", "HalfStorage")] = ScalarType.Float16,
        [new("torch", "BFloat16Storage")] = ScalarType.BFloat16,
        [new("torch", "LongStorage")] = ScalarType.Int64,
    };

    public static bool Knows(PickledName name) =>
        name == OrderedDictionary || name == RebuildTensor || name == _rebuildParameter || _storages.ContainsKey(name);

    public static PickledName StorageOf(ScalarType type) => _storages.Single(entry => entry.Value == type).Key;

    /// <param name="arguments">"storage", its class, its key, the device it was on, and how many numbers it has.</param>
    /// <returns>Null if they are others.</returns>
    public static PickledStorage? Storage(object?[] arguments) =>
        arguments is ["storage", PickledName type, string key, string, long and >= 0 and var count]
            && _storages.TryGetValue(type, out ScalarType scalar) ? new PickledStorage(scalar, key, count) : null;

    /// <returns>What a function makes of arguments; null if they do not fit.</returns>
    public static object? Call(PickledName? function, object?[] arguments)
    {
        if (function == OrderedDictionary && arguments.Length == 0)
            return new PickledDictionary();
        if (function == RebuildTensor
            && arguments is [PickledStorage storage, long and >= 0 and var offset, object?[] shape, object?[] strides, bool, ..]
            && Sizes(shape) is { } sizes && Sizes(strides) is { } steps && sizes.Length == steps.Length)
        {
            return new PickledTensor(storage, offset, sizes, steps);
        }
        return function == _rebuildParameter && arguments is [PickledTensor tensor, bool, ..] ? tensor : null;
    }

    private static long[]? Sizes(object?[] values) => values.All(value => value is long and >= 0) ? values.Cast<long>().ToArray() : null;
}
