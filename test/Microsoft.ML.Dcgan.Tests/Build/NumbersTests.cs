using Mono.Cecil;
using Mono.Cecil.Cil;

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
        HashSet<string> makers = Makers(torch);
        Assert.Contains(method => method.Contains("Tensor::op_Multiply(TorchSharp.torch/Tensor,System.Double)", StringComparison.Ordinal), makers);

        // A script is handed numbers that were made before.
        string[] calls = Calls(library).Where(call => makers.Contains(call.Callee) && call.Caller.DeclaringType.Name != "Numbers" &&
                !call.Callee.Contains("CompilationUnit::invoke", StringComparison.Ordinal))
            .Select(call => $"{call.Caller.DeclaringType.FullName}.{call.Caller.Name}: {call.Callee}").ToArray();
        Assert.IsEmpty(calls, $"Use Networks/Numbers.cs in place of\n{string.Join('\n', calls)}");
        Assert.IsNotEmpty(Calls(library).Where(call => makers.Contains(call.Callee)), "Numbers.cs itself makes some");
    }

    // All that makes a scalar by itself or calls what does, of any number that it is given.
    private static HashSet<string> Makers(ModuleDefinition torch)
    {
        ILookup<string, string> callers = Calls(torch).ToLookup(call => call.Callee, call => call.Caller.FullName);
        var makers = new HashSet<string>();
        var found = new Queue<string>(callers.Select(calls => calls.Key)
            .Where(name => name.StartsWith("TorchSharp.Scalar TorchSharp.Scalar::op_Implicit", StringComparison.Ordinal) ||
                name.StartsWith("TorchSharp.Scalar TorchSharp.ScalarExtensionMethods::ToScalar", StringComparison.Ordinal)));
        while (found.TryDequeue(out string? maker))
        {
            if (!makers.Add(maker))
                continue;
            foreach (string caller in callers[maker])
                found.Enqueue(caller);
        }
        return makers;
    }

    private static IEnumerable<(MethodDefinition Caller, string Callee)> Calls(ModuleDefinition module) =>
        from type in module.GetTypes()
        from method in type.Methods
        where method.HasBody && !(method.IsConstructor && method.IsStatic)
        from instruction in method.Body.Instructions
        where instruction.OpCode.FlowControl == FlowControl.Call || instruction.OpCode == OpCodes.Ldftn
        let callee = (MethodReference)instruction.Operand
        select (method, (callee as GenericInstanceMethod)?.ElementMethod.FullName ?? callee.FullName);
}
