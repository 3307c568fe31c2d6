using System.Runtime.InteropServices;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class KeptMemoryTests
{
    private const int Size = 24 << 20;
    private const long Most = Size * 3L / 4;

    [TestMethod]
    public void Freed_memory_is_kept_while_it_lives_and_given_back_in_the_end()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out _))
            return;

        long before = Resident();
        using (var outer = new MallocTuning())
        {
            using (new MallocTuning())
                TakeAndFree();
            Assert.IsGreaterThan(before + Most, Resident(), "Freed memory was given back to the system too soon.");
        }

        Assert.IsLessThan(before + Size - Most, Resident(), "Freed memory was kept after the end.");
    }

    private static unsafe void TakeAndFree()
    {
        void* memory = NativeMemory.Alloc(Size);
        new Span<byte>(memory, Size).Fill(1);
        NativeMemory.Free(memory);
    }

    private static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
}
