namespace Microsoft.ML.Dcgan.Training;

/// <summary>Knows the symptoms of one thing that can go wrong.</summary>
internal interface IHealthCheck
{
    TrainingAlarm Alarm { get; }

    /// <summary>How many looks in a row must show symptoms before there is an alarm.</summary>
    int Looks { get; }

    /// <summary>What was measured, what would have been healthy, and what may help; null where there is no symptom.</summary>
    string? Symptom(HealthReading reading);
}
