using System.Diagnostics;

namespace Microsoft.ML.Dcgan.Tests.Fuzzing;

/// <summary>What reads a kind of file, and what it may do with one that is nearly right.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Known">Files that it reads.</param>
/// <param name="Read">Reads one. What it returns of a changed file must be what it returns of the known one, where the format can tell;
/// null: nothing can be told.</param>
/// <param name="NamesTheFile">Whether its errors do; ML.NET's don't.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Known, Func<string, byte[]?> Read, bool NamesTheFile = true)
{
    private const long MostMemory = 100 << 20;

    /// <summary>What reading may take, of processors' time.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Tries so many inputs from the first on, or until the time is over; returns what went wrong.</summary>
    public (int Tried, List<string> Faults) Run(int seed, int first, int count, TimeSpan time, string folder)
    {
        var faults = new List<string>();
        var clock = Stopwatch.StartNew();
        int tried = 0;
        string path = Path.Combine(folder, $"fuzzed-{Name}");
        byte[]?[] expected = [.. Known.Select(known => Given(path, known))];
        for (; tried < count && clock.Elapsed < time; tried++)
        {
            int number = first + tried;
            var random = new Random(seed * 1_000_003 + number);
            int which = random.Next(Known.Count);
            byte[] input = Mutation.Of(Known[which], Known[random.Next(Known.Count)], random);
            if (Fault(path, input, expected) is { } fault)
                faults.Add($"{Name}, seed {seed}, input {number}: {fault}");
        }
        return (tried, faults);
    }

    private byte[]? Given(string path, byte[] input)
    {
        File.WriteAllBytes(path, input);
        return Read(path);
    }

    private string? Fault(string path, byte[] input, byte[]?[] expected)
    {
        File.WriteAllBytes(path, input);
        // What else this process did meanwhile is no hang: what is slow is so three times.
        for (int attempt = 0; ; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.TotalTime;
            string? fault = Outcome(path, expected);
            if (fault != null)
                return fault;
            if (GC.GetAllocatedBytesForCurrentThread() - before is > MostMemory and long memory)
                return $"took {memory >> 20} MB";
            TimeSpan taken = Environment.CpuUsage.TotalTime - start;
            if (taken < Longest)
                return null;
            if (attempt == 2)
                return $"took {taken.TotalSeconds:0.0} s";
        }
    }

    private string? Outcome(string path, byte[]?[] expected)
    {
        try
        {
            byte[]? read = Read(path);
            return read == null || expected.Any(known => known != null && known.AsSpan().SequenceEqual(read)) ? null
                : "was accepted, but is not what was written";
        }
        catch (Exception failure) when (failure is FormatException or IOException or InvalidOperationException or ArgumentException
            && failure is not ObjectDisposedException)
        {
            return !NamesTheFile || failure.Message.Contains(path, StringComparison.Ordinal) ? null : $"names no file: {failure.Message}";
        }
        catch (Exception failure) when (!NamesTheFile && failure is not (OutOfMemoryException or AccessViolationException))
        {
            return null;
        }
        catch (Exception failure)
        {
            return $"{failure.GetType().Name}: {failure.Message} {failure.StackTrace?.Split('\n').FirstOrDefault()}";
        }
    }
}
