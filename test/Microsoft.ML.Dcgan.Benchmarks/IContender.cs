namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>One side of a comparison.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>Versions and settings that its times depend on.</summary>
    string Details { get; }

    /// <summary>Trains some steps and returns how long they took.</summary>
    TimeSpan Train(int steps);

    /// <summary>Generates some batches of images and returns how long they took.</summary>
    TimeSpan Generate(int batch, int batches);
}
