using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Which methods of a compiled assembly call which.</summary>
internal static class CallGraph
{
    public static IEnumerable<(MethodDefinition Caller, string Callee)> Calls(ModuleDefinition module) =>
        from type in module.GetTypes()
        from method in type.Methods
        where method.HasBody && !(method.IsConstructor && method.IsStatic)
        from instruction in method.Body.Instructions
        where instruction.OpCode.FlowControl == FlowControl.Call || instruction.OpCode == OpCodes.Ldftn
        // Not a call through a pointer.
        let callee = instruction.Operand as MethodReference
        where callee != null
        select (method, (callee as GenericInstanceMethod)?.ElementMethod.FullName ?? callee.FullName);

    /// <summary>The full names of what is chosen, and of all that calls it, directly or not.</summary>
    public static HashSet<string> Callers(ModuleDefinition module, Func<string, bool> isChosen)
    {
        ILookup<string, string> callers = Calls(module).ToLookup(call => call.Callee, call => call.Caller.FullName);
        var all = new HashSet<string>();
        var found = new Queue<string>(callers.Select(calls => calls.Key).Where(isChosen));
        while (found.TryDequeue(out string? callee))
        {
            if (!all.Add(callee))
                continue;
            foreach (string caller in callers[callee])
                found.Enqueue(caller);
        }
        return all;
    }
}
