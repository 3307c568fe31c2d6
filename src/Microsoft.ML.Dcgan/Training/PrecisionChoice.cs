using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// From what the user asked for to what convolutions compute in. Processors that list bfloat16 among their features may
/// still be slower with it (where the matrix units are hidden from a virtual machine, say), so it is measured.
/// </summary>
internal static class PrecisionChoice
{
    // Where bfloat16 has hardware it is about twice as fast; what is nearer to 1 would be a toss-up from run to run.
    private const double WorthIt = 1.3;
    private const int Rounds = 4;
    private static readonly ConcurrentDictionary<string, Lazy<double>> _speedups = new();

    public static ScalarType Choose(DcganPrecision wish, Device device)
    {
        switch (wish)
        {
            case DcganPrecision.Float32:
                return ScalarType.Float32;
            case DcganPrecision.BFloat16 when !RunsBFloat16(device):
                throw new InvalidOperationException(
                    $"Precision is {nameof(DcganPrecision.BFloat16)}, but convolutions in bfloat16 do not run on {device}. " +
                    "Choose Auto, which takes it only where it runs and is faster, or Float32.");
            case DcganPrecision.BFloat16:
                return ScalarType.BFloat16;
            default:
                return Speedup(device) >= WorthIt ? ScalarType.BFloat16 : ScalarType.Float32;
        }
    }

    public static bool RunsBFloat16(Device device) => Speedup(device) > 0;

    public static DcganPrecision Name(ScalarType precision) =>
        precision == ScalarType.BFloat16 ? DcganPrecision.BFloat16 : DcganPrecision.Float32;

    /// <summary>How many times as fast convolutions are in bfloat16, measured once a process; 0 where they do not run.</summary>
    private static double Speedup(Device device) =>
        _speedups.GetOrAdd(device.ToString(), _ => new Lazy<double>(() => Measure(device))).Value;

    private static double Measure(Device device)
    {
        try
        {
            double single = double.PositiveInfinity, reduced = double.PositiveInfinity;
            for (int round = 0; round < Rounds; round++)
            {
                single = Math.Min(single, Seconds(ScalarType.Float32, device));
                reduced = Math.Min(reduced, Seconds(ScalarType.BFloat16, device));
            }
            return single / reduced;
        }
        catch (ExternalException)
        {
            return 0;
        }
    }

    // Down and up again, as a discriminator's and a generator's layer do it: about a gigaflop each.
    private static double Seconds(ScalarType precision, Device device)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor images = Networks.ChannelsLast.Of(ones(16, 64, 32, 32, dtype: precision, device: device));
        Tensor weights = Networks.ChannelsLast.Of(full([128, 64, 4, 4], 0.01, precision, device));
        Await(images);
        var clock = Stopwatch.StartNew();
        Tensor smaller = nn.functional.conv2d(images, weights, strides: [2, 2], padding: [1, 1]);
        Await(nn.functional.conv_transpose2d(smaller, weights, strides: [2, 2], padding: [1, 1]));
        return clock.Elapsed.TotalSeconds;
    }

    // Reading a number back waits for all that was asked of the device before.
    private static void Await(Tensor computed) => computed.narrow(0, 0, 1).narrow(1, 0, 1).cpu();
}
