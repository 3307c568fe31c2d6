using Mono.Cecil;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>TorchSharp frees a number that it made for an argument as soon as a garbage collection finds that only libtorch still reads it. The
/// library has its numbers made where they are kept.</summary>
[TestClass]
public sealed class NumbersTests
{
    [TestMethod]
    public void Numbers_that_libtorch_is_given_are_kept()
    {
        using ModuleDefinition torch = ModuleDefinition.ReadModule(typeof(TorchSharp.torch).Assembly.Location);
        using ModuleDefinition library = ModuleDefinition.ReadModule(typeof(DcganEstimator).Assembly.Location);
        // All that makes a scalar by itself or calls what does, of any number that it is given.
        HashSet<string> makers = CallGraph.Callers(torch, name =>
            name.StartsWith("TorchSharp.Scalar TorchSharp.Scalar::op_Implicit", StringComparison.Ordinal) ||
            name.StartsWith("TorchSharp.Scalar TorchSharp.ScalarExtensionMethods::ToScalar", StringComparison.Ordinal));
        Assert.Contains(method => method.Contains("Tensor::op_Multiply(TorchSharp.torch/Tensor,System.Double)", StringComparison.Ordinal), makers);

        // A script is handed numbers that were made before.
        string[] calls = CallGraph.Calls(library).Where(call => makers.Contains(call.Callee) && call.Caller.DeclaringType.Name != "Numbers" &&
                !call.Callee.Contains("CompilationUnit::invoke", StringComparison.Ordinal))
            .Select(call => $"{call.Caller.DeclaringType.FullName}.{call.Caller.Name}: {call.Callee}").ToArray();
        Assert.IsEmpty(calls, $"Use Networks/Numbers.cs in place of\n{string.Join('\n', calls)}");
        Assert.IsNotEmpty(CallGraph.Calls(library).Where(call => makers.Contains(call.Callee)), "Numbers.cs itself makes some");
    }
}
