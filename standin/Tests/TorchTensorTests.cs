using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchTensorTests
{
    [TestMethod]
    public void ElementsAreReadInRowMajorOrderWhateverTheStrides()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor plain = arange(24, dtype: float32).reshape(2, 3, 2, 2);
        Tensor channelsLast = plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        float[] expected = Enumerable.Range(0, 24).Select(i => (float)i).ToArray();

        Assert.IsFalse(channelsLast.is_contiguous());
        CollectionAssert.AreEqual(new long[] { 12, 1, 6, 3 }, channelsLast.stride());
        CollectionAssert.AreEqual(expected, channelsLast.data<float>().ToArray());
        CollectionAssert.AreEqual(expected, channelsLast.data<float>().ToArray());
        CollectionAssert.AreEqual(expected, channelsLast.data<float>().ToList());
        Assert.AreEqual(17f, channelsLast.data<float>()[1, 1, 0, 1]);
        Assert.AreEqual(17f, channelsLast.data<float>()[17]);

        var part = new float[5];
        channelsLast.data<float>().CopyTo(part, arrayIndex: 1, tensorIndex: 9);
        CollectionAssert.AreEqual(new[] { 0f, 9, 10, 11, 12 }, part);
        channelsLast.data<float>().CopyFrom([-1f, -2], tensorIndex: 1);
        CollectionAssert.AreEqual(new[] { 0f, -1, -2, 3 }, channelsLast[0, 0].data<float>().ToArray());
    }

    [TestMethod]
    public void ATensorCanBeSetToAViewOfAnother()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor buffer = arange(24, dtype: float32);
        Tensor moved = zeros(2, 3);

        Assert.AreSame(moved, moved.set_(buffer.as_strided([2, 3], [1, 2], 4)));
        buffer.add_(100);

        CollectionAssert.AreEqual(new long[] { 1, 2 }, moved.stride());
        CollectionAssert.AreEqual(new[] { 104f, 106, 108, 105, 107, 109 }, moved.data<float>().ToArray());
    }

    [TestMethod]
    public void AnAccessorWantsTheTensorsType()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.ThrowsExactly<ArgumentException>(() => ones(1).data<double>());
        Assert.ThrowsExactly<ArgumentException>(() => ones(2).item<float>());
        Assert.AreEqual(1.0, ones(1, dtype: bfloat16).ToDouble());
        Assert.AreEqual(1L, tensor(1L).item<long>());
        Assert.AreEqual(3, (int)tensor(3));
        Assert.IsTrue((bool)tensor(true));
    }

    [TestMethod]
    public void BytesAreTheMemoryOfAContiguousTensor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor numbers = tensor([1f, 2]);
        MemoryMarshal.Cast<byte, float>(numbers.bytes)[1] = 5;

        Assert.AreEqual(5f, numbers[1].item<float>());
        CollectionAssert.AreEqual(BitConverter.GetBytes(1f), numbers.bytes[..4].ToArray());
        Assert.ThrowsExactly<InvalidOperationException>(() => ones(2, 3).T.bytes.Length);
        Assert.HasCount(4, ones(2, dtype: bfloat16).bytes.ToArray());
    }

    [TestMethod]
    public void AManagedArrayIsCopiedOrShared()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] array = [1, 2, 3, 4];
        Tensor copied = tensor(array, [2, 2]), shared = from_array(array), part = frombuffer(array, float32, count: 2, offset: 1), converted = tensor(array, dtype: float64);
        array[1] = 9;

        Assert.AreEqual(2f, copied[0, 1].item<float>());
        Assert.AreEqual(9f, shared[1].item<float>());
        Assert.AreEqual(9f, part[0].item<float>());
        Assert.AreEqual(2.0, converted[1].item<double>());
        CollectionAssert.AreEqual(new long[] { 2, 3 }, from_array(new byte[2, 3]).shape);
        Assert.ThrowsExactly<ArgumentException>(() => tensor(array, [5]));
    }

    [TestMethod]
    public void IndicesSelectAndAssign()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(24).reshape(2, 3, 4);

        Assert.AreEqual(23L, x[1, 2, 3].item<long>());
        Assert.AreEqual(23L, x[-1, -1, -1].item<long>());
        CollectionAssert.AreEqual(new long[] { 2, 3, 2 }, x[TensorIndex.Ellipsis, TensorIndex.Slice(1, 3)].shape);
        CollectionAssert.AreEqual(new long[] { 2, 1, 2 }, x[.., 1.., ^1..][.., ..^1, 0..2].select(2, 0).unsqueeze(1).expand(2, 1, 2).shape);
        CollectionAssert.AreEqual(new long[] { 1, 3, 4 }, x[TensorIndex.None, 1].shape);
        CollectionAssert.AreEqual(new long[] { 12, 16 }, Values(x.index(TensorIndex.Single(1), TensorIndex.Tensor(tensor([0L, 1])), TensorIndex.Single(0))));
        CollectionAssert.AreEqual(new long[] { 22, 23 }, Values(x[x > 21]));

        x[0, 0] = zeros(4, dtype: int64);
        x[1, 0..2, 0] = tensor([-1L, -2]);
        x[x > 21] = tensor(7L);
        CollectionAssert.AreEqual(new long[] { 0, 0, 0, 0 }, Values(x[0, 0]));
        CollectionAssert.AreEqual(new long[] { -1, -2, 20 }, Values(x[1, .., 0]));
        CollectionAssert.AreEqual(new long[] { 20, 21, 7, 7 }, Values(x[1, 2]));
    }

    [TestMethod]
    public void ShapesAreChanged()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(12).reshape(3, 4);

        CollectionAssert.AreEqual(new long[] { 3, 7, 11 }, Values(x.narrow(1, 3, 1).squeeze(1)));
        CollectionAssert.AreEqual(new long[] { 8, 0 }, Values(x.flip(0)[0..3, 0])[^3..].Where((_, i) => i != 1).ToArray());
        CollectionAssert.AreEqual(new long[] { 8, 9, 10, 11, 0, 1, 2, 3 }, Values(x.roll(1, 0)[0..2].flatten()));
        CollectionAssert.AreEqual(new long[] { 6, 4 }, cat([x, x]).shape);
        CollectionAssert.AreEqual(new long[] { 2, 3, 4 }, stack([x, x]).shape);
        CollectionAssert.AreEqual(new[] { 2L, 1L }, x.split(2).Select(part => part.size(0)).ToArray());
        CollectionAssert.AreEqual(new[] { 2L, 2L }, x.chunk(2, 1).Select(part => part.size(-1)).ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 2, 2 }, x.unflatten(1, 2, 2).shape);
        CollectionAssert.AreEqual(new long[] { 0, 5 }, Values(x.index_select(0, tensor([1L, 0])).gather(1, tensor([1L, 0L], [2, 1])).flip(0).flatten()));
    }

    [TestMethod]
    public void ReductionsReduce()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor([1f, 2, 3, 4, 5, 12], [2, 3]);

        Assert.AreEqual(27f, x.sum().item<float>());
        CollectionAssert.AreEqual(new[] { 2f, 7 }, x.mean([1L]).data<float>().ToArray());
        Assert.AreEqual(Math.Sqrt(19), x[1].std().ToDouble(), 1e-6);
        Assert.AreEqual(38.0 / 3, x[1].var(unbiased: false).ToDouble(), 1e-5);
        var (values, indices) = x.max(1);
        CollectionAssert.AreEqual(new[] { 3f, 12 }, values.data<float>().ToArray());
        CollectionAssert.AreEqual(new long[] { 2, 2 }, Values(indices));
        CollectionAssert.AreEqual(new long[] { 5, 4 }, Values(x.flatten().topk(2).indexes));
        Assert.AreEqual(5f, tensor([3f, 4]).norm().item<float>());
        Assert.IsTrue(x.isfinite().all().ToBoolean());
        Assert.IsTrue(tensor([1f, float.NaN]).isnan().any().ToBoolean());
        CollectionAssert.AreEqual(new[] { 1.0, 2 }, x.to(float64)[0, 0..2].data<double>().ToArray());
    }

    [TestMethod]
    public void ErrorsCarryLibtorchsMessage()
    {
        using DisposeScope scope = NewDisposeScope();

        StringAssert.Contains(Assert.ThrowsExactly<ExternalException>(() => ones(2) + ones(3)).Message, "must match the size of tensor b (3)");
        StringAssert.Contains(Assert.ThrowsExactly<ExternalException>(() => ones(2, 3).view(4)).Message, "invalid for input of size 6");
        StringAssert.Contains(Assert.ThrowsExactly<ExternalException>(() => ones(1).backward()).Message, "does not require grad");
        StringAssert.Contains(Assert.ThrowsExactly<ExternalException>(() => ones(2).size(3)).Message, "Dimension out of range");
    }

    [TestMethod]
    public void ADeviceThatIsNotThereIsRefused()
    {
        using DisposeScope scope = NewDisposeScope();
        if (cuda.is_available())
            Assert.Inconclusive("This machine has CUDA.");

        Assert.AreEqual(0, cuda.device_count());
        Assert.ThrowsExactly<InvalidOperationException>(() => ones(1).cuda());
        Assert.ThrowsExactly<InvalidOperationException>(() => device("cuda:0"));
        Assert.AreEqual("cpu", ones(1).device.ToString());
        Assert.AreEqual("cuda:1", new Device("cuda", 1).ToString());
        Assert.AreEqual("[2x3], type = Float32, device = cpu", ones(2, 3).ToString());
    }

    [TestMethod]
    public void ThreadsShareTheWork()
    {
        int expected = Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { } given ? int.Parse(given) : Environment.ProcessorCount;
        int elsewhere = 0, afterConvolution = 0;
        var thread = new Thread(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            nn.functional.conv2d(ones(2, 8, 8, 8), ones(4, 8, 4, 4));
            afterConvolution = get_num_threads();
        });
        var other = new Thread(() => elsewhere = get_num_threads());
        thread.Start();
        other.Start();
        thread.Join();
        other.Join();

        Assert.AreEqual(expected, get_num_threads());
        Assert.AreEqual(expected, elsewhere);
        Assert.AreEqual(expected, afterConvolution);
    }

    private static long[] Values(Tensor tensor) => tensor.data<long>().ToArray();
}
