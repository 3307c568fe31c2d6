using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>What ResNet18 (He et al. 2016), which learnt from photographs, sees in pictures: 512 numbers. The tool does not carry the
/// packages for that, of 520 MB: it takes them from NuGet's folder of packages, apart from its own.</summary>
internal sealed class ResNet18 : AssemblyLoadContext
{
    public const string FeaturesName = "resnet18";
    public const string Words = "what ResNet18 sees in pictures at 224x224";
    private const string Featurizer = "Microsoft.ML.DnnImageFeaturizer.ResNet18";
    private const string Input = "ResNet18Input";
    private const int Side = 224;

    /// <summary>What is needed of each package.</summary>
    private static readonly (string Package, string Version, string File)[] _needed =
    [
        (Featurizer, "0.23.1", $"lib/netstandard2.0/{Featurizer}.dll"),
        ("Microsoft.ML.OnnxTransformer", "5.0.1", "lib/netstandard2.0/Microsoft.ML.OnnxTransformer.dll"),
        ("Google.Protobuf", "3.30.2", "lib/net5.0/Google.Protobuf.dll"),
        ("Microsoft.ML.OnnxRuntime.Managed", "1.31.1", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll"),
        ("Microsoft.ML.OnnxRuntime", "1.31.1", $"runtimes/{NativeLibraryPath}"),
    ];

    private readonly string[] _files;

    private ResNet18(string folder) => _files = [.. _needed.Select(needed => PathIn(folder, needed))];

    /// <summary>The packages, with their versions.</summary>
    public static IEnumerable<(string Package, string Version)> Packages => _needed.Select(needed => (needed.Package, needed.Version));

    private static string NativeLibraryPath
    {
        get
        {
            (string system, string file) = OperatingSystem.IsWindows() ? ("win", "onnxruntime.dll")
                : OperatingSystem.IsMacOS() ? ("osx", "libonnxruntime.dylib") : ("linux", "libonnxruntime.so");
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}/native/{file}";
        }
    }

    /// <summary>A transformer that adds the features of a column of images. The caller disposes it.</summary>
    /// <exception cref="UsageException">The packages are not there.</exception>
    public static TransformerChain<ITransformer> Of(MLContext ml, IDataView images, string imageColumnName)
    {
        string folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? Path.GetFullPath(named)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        (string Package, string Version, string File)[] missing = [.. _needed.Where(needed => !File.Exists(PathIn(folder, needed)))];
        if (missing.Length > 0)
        {
            throw new UsageException($"--features {FeaturesName} needs packages that are not in '{folder}'. This gets them, " +
                $"212 MB to download: dotnet package download {string.Join(' ', missing.Select(needed => $"{needed.Package}@{needed.Version}"))} " +
                $"--output \"{folder}\"");
        }
        string networks = Path.Combine(Path.GetDirectoryName(PathIn(folder, _needed[0]))!, "..", "..", "tools", "DnnImageModels");
        // ResNet18(DnnImageModelSelector, IHostEnvironment, outputColumnName, inputColumnName, modelDir), whose first is for looks.
        MethodInfo network = new ResNet18(folder).LoadFromAssemblyName(new AssemblyName(Featurizer))
            .GetType("Microsoft.ML.ResNet18Extension", throwOnError: true)!.GetMethods()
            .Single(method => method.Name == "ResNet18" && method.GetParameters().Length == 5);
        return ml.Transforms.ResizeImages(Input, Side, Side, imageColumnName)
            .Append(ml.Transforms.ExtractPixels(Input))
            .Append((IEstimator<ITransformer>)network.Invoke(null, [null, ml, FeaturesName, Input, Path.GetFullPath(networks)])!)
            .Fit(images);
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        Array.Find(_files, file => Path.GetFileNameWithoutExtension(file) == assemblyName.Name) is { } file
            ? LoadFromAssemblyPath(file) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        Path.GetFileNameWithoutExtension(unmanagedDllName).EndsWith("onnxruntime", StringComparison.Ordinal)
            ? LoadUnmanagedDllFromPath(_files[^1]) : nint.Zero;

    private static string PathIn(string folder, (string Package, string Version, string File) needed) =>
        Path.Combine(folder, needed.Package.ToLowerInvariant(), needed.Version, needed.File);
}
