using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>
/// As many float32 multiplications and additions as a training step's convolutions, in registers, on all threads: the
/// processor's peak. How fast the others are compared with it is the fraction of the peak that they reach.
/// </summary>
/// <param name="operations">Of a step.</param>
/// <param name="threads">How many threads share them.</param>
internal sealed class StepArithmetic(double operations, int threads) : IContender
{
    // Enough sums at once that none waits for its last addition: a latency of 4 in each of 2 units.
    private const int Sums = 8;
    private static readonly int _numbers = Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count;
    private float _kept;

    public string Name => "its arithmetic alone";

    public string Details => $"float32, in registers of {_numbers * 32} bits";

    public TimeSpan Train(int steps)
    {
        long rounds = (long)(steps * operations / threads / (2 * Sums * _numbers));
        Thread[] workers = Enumerable.Range(0, threads).Select(_ => new Thread(() => Volatile.Write(ref _kept, Multiply(rounds))))
            .ToArray();
        var clock = Stopwatch.StartNew();
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        return clock.Elapsed;
    }

    public TimeSpan Generate(int batch, int batches) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private static float Multiply(long rounds) => Vector512.IsHardwareAccelerated ? Multiply512(rounds) : Multiply256(rounds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Multiply512(long rounds)
    {
        Vector512<float> factor = Vector512.Create(0.999f);
        Vector512<float> a = factor, b = factor, c = factor, d = factor, e = factor, f = factor, g = factor, h = factor;
        for (long i = 0; i < rounds; i++)
        {
            a = Vector512.FusedMultiplyAdd(a, factor, factor);
            b = Vector512.FusedMultiplyAdd(b, factor, factor);
            c = Vector512.FusedMultiplyAdd(c, factor, factor);
            d = Vector512.FusedMultiplyAdd(d, factor, factor);
            e = Vector512.FusedMultiplyAdd(e, factor, factor);
            f = Vector512.FusedMultiplyAdd(f, factor, factor);
            g = Vector512.FusedMultiplyAdd(g, factor, factor);
            h = Vector512.FusedMultiplyAdd(h, factor, factor);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Multiply256(long rounds)
    {
        Vector256<float> factor = Vector256.Create(0.999f);
        Vector256<float> a = factor, b = factor, c = factor, d = factor, e = factor, f = factor, g = factor, h = factor;
        for (long i = 0; i < rounds; i++)
        {
            a = Vector256.FusedMultiplyAdd(a, factor, factor);
            b = Vector256.FusedMultiplyAdd(b, factor, factor);
            c = Vector256.FusedMultiplyAdd(c, factor, factor);
            d = Vector256.FusedMultiplyAdd(d, factor, factor);
            e = Vector256.FusedMultiplyAdd(e, factor, factor);
            f = Vector256.FusedMultiplyAdd(f, factor, factor);
            g = Vector256.FusedMultiplyAdd(g, factor, factor);
            h = Vector256.FusedMultiplyAdd(h, factor, factor);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }
}
