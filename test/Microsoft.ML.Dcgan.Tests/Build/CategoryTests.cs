using Mono.Cecil;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>Continuous integration runs the category "Sdk" in a process of its own, beside the other tests.</summary>
[TestClass]
public sealed class CategoryTests
{
    /// <summary>Two commands of the SDK at once would write to the same folders of the checkout.</summary>
    [TestMethod]
    public void All_that_runs_the_SDK_is_of_its_category()
    {
        using ModuleDefinition tests = ModuleDefinition.ReadModule(typeof(CategoryTests).Assembly.Location);
        HashSet<string> runs = CallGraph.Callers(tests, name => name.Contains($"{typeof(Checkout).FullName}::{nameof(Checkout.Dotnet)}("));
        // A lambda or an asynchronous method is compiled to a type inside its own.
        TypeDefinition[] classes = [.. CallGraph.Calls(tests).Where(call => runs.Contains(call.Callee)).Select(call => Outermost(call.Caller))
            .Where(type => Attributes(type, nameof(TestClassAttribute)).Any()).Distinct()];
        Assert.IsGreaterThan(3, classes.Length, "they were not found");
        string[] others = [.. classes.Where(type => !Attributes(type, nameof(TestCategoryAttribute))
            .Any(category => (string)category.ConstructorArguments[0].Value == "Sdk")).Select(type => type.FullName)];
        Assert.IsEmpty(others, $"[TestCategory(\"Sdk\")] is missing: {string.Join(", ", others)}");
    }

    private static TypeDefinition Outermost(MethodDefinition method)
    {
        TypeDefinition type = method.DeclaringType;
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    private static IEnumerable<CustomAttribute> Attributes(TypeDefinition type, string name) =>
        type.CustomAttributes.Where(attribute => attribute.AttributeType.Name == name);
}
