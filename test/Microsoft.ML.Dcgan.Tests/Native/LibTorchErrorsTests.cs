using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Evaluation;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Native;

[TestClass]
public class LibTorchErrorsTests
{
    private const string Frames = "\nException raised from f at /pytorch/f.cpp:1 (most recent call first):\nframe #0: c10::Error::Error(c10::SourceLocation) + 0xb0 (0x7f in libc10.so)\n";

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("shape '[5]' is invalid for input of size 3" + Frames, "shape '[5]' is invalid for input of size 3.")]
    [DataRow("The factorization could not be completed." + Frames, "The factorization could not be completed.")]
    [DataRow("\nCUDA error: invalid argument\nCompile with `TORCH_USE_CUDA_DSA`." + Frames, "CUDA error: invalid argument.")]
    [DataRow("[enforce fail at f.cpp:18] size >= 0. negative size 5\nframe #0: c10::ThrowEnforceNotMet", "negative size 5.")]
    [DataRow("plain", "plain.")]
    public void OfAReportTheSentenceIsKept(string report, string sentence)
    {
        Exception error = LibTorchErrors.Translate("Training", report);

        Assert.AreEqual(typeof(InvalidOperationException), error.GetType());
        Assert.AreEqual($"Training failed in libtorch: {sentence}", error.Message);
    }

    [TestMethod]
    [DataRow("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes. Error code 12 (Cannot allocate memory)" + Frames,
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes. Error code 12 (Cannot allocate memory).")]
    [DataRow("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8.00 GiB of which 1.00 GiB is free. See documentation." + Frames,
        "CUDA out of memory. Tried to allocate 2.00 GiB.")]
    public void WhereMemoryIsShortTheErrorSaysWhatTakesLess(string report, string sentence)
    {
        Exception error = LibTorchErrors.Translate("Training", report);

        Assert.IsInstanceOfType<OutOfMemoryException>(error);
        StringAssert.StartsWith(error.Message, $"Training needs more memory than there is: {sentence} Lower BatchSize");
    }

    [TestMethod]
    public void ErrorsOfOthersPassUnchanged()
    {
        var other = new ExternalException("of another library");

        Assert.AreSame(other, Assert.ThrowsExactly<ExternalException>(() => LibTorchErrors.InOneSentence("Training", () => throw other)));
    }

    [TestMethod]
    public void TrainingFailsInOneSentence()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.Progress = _ => ones(3).view(5).Dispose();

        Fails<InvalidOperationException>("Training failed in libtorch: shape '[5]' is invalid for input of size 3.",
            () => _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 8, 8, 1)));
    }

    [TestMethod]
    public void EvaluatingNeedsMoreMemoryThanThereIs()
    {
        IDataView view = FeatureViews.Of(_ml, [[1, 2], [3, 5], [4, 4], [6, 2]]);
        var options = new ImageGenerationOptions
        {
            RealColumnName = "Features",
            GeneratedColumnName = "Features",
            Device = DcganDevice.Cpu
        };

        Fails<InsufficientMemoryException>("Evaluating needs more memory than there is: DefaultCPUAllocator: ",
            () => _ml.ImageGeneration().Evaluate(new ClaimedRows(view, 1L << 45), view, options));
    }

    [TestMethod]
    public void ABrokenGeneratorFailsInOneSentence()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        // Weights that are nowhere.
        gan.Networks.Generator.to(META);

        Fails<InvalidOperationException>("Generating failed in libtorch: ", () => gan.Generate(1));
        Fails<InvalidOperationException>("Computing a column failed in libtorch: ", () =>
            _ = gan.Transform(gan.SampleNoise(1)).GetColumn<MLImage>(gan.OutputColumnName).ToArray());
        Fails<InvalidOperationException>("Computing a column failed in libtorch: ",
            () => _ = gan.FindNoise(Pictures.View(_ml, 1, gan.ImageHeight, gan.ImageWidth, 3), "Pixels").GetColumn<float>("Error")
                .ToArray());
    }

    private static void Fails<TException>(string start, Action action) where TException : Exception
    {
        TException error = Assert.ThrowsExactly<TException>(action);
        StringAssert.StartsWith(error.Message, start);
        Assert.DoesNotContain("frame #", error.ToString());
        Assert.DoesNotContain("\n", error.Message);
    }

    /// <summary>A view that says it has more rows than it has.</summary>
    private sealed class ClaimedRows(IDataView view, long count) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => view.Schema;

        public long? GetRowCount() => count;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            view.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }
}
