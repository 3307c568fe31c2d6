namespace System.Runtime.CompilerServices;

/// <summary>The runtime, though not the compiler, lets an assembly that carries this reach the named assembly's internals.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
