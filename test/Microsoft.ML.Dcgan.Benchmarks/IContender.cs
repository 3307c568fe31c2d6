using System;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>One side of a comparison.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>Trains some steps and returns how long they took.</summary>
    TimeSpan Train(int steps);
}
