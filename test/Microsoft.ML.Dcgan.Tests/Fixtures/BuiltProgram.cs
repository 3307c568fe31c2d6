namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Programs of this checkout, to be started as processes of their own.</summary>
internal static class BuiltProgram
{
    /// <summary>The assembly of a project, built in the configuration and for the framework of this one.</summary>
    public static string Of(string project, string assembly)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        DirectoryInfo root = own;
        while (!Directory.Exists(Path.Combine(root.FullName, project)))
            root = root.Parent ?? throw new DirectoryNotFoundException($"There is no checkout around {own}.");
        return Path.Combine(root.FullName, project, "bin", own.Parent!.Name, own.Name, assembly);
    }
}
