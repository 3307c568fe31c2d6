using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>Why work is not taken, which is no failure.</summary>
/// <param name="Reason">What metrics call it.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Title">The answer's title.</param>
/// <param name="Detail">What the client can do.</param>
internal sealed record Refusal(string Reason, int Status, string Title, string Detail)
{
    public const string RetryAfterSeconds = "1";

    public static Refusal QueueFull { get; } = new("queue_full", StatusCodes.Status503ServiceUnavailable, "Busy",
        "Too many pictures are waiting to be generated. Try again in a second.");

    public static Refusal ClientLimit { get; } = new("client_limit", StatusCodes.Status429TooManyRequests, "Too many at once",
        "Too many pictures are asked for from this address at once. Wait for those first.");

    public static Refusal Timeout { get; } = new("timeout", StatusCodes.Status503ServiceUnavailable, "Too slow",
        "The pictures were not there in time. Try again, with fewer of them.");

    public static Refusal Stopping { get; } = new("stopping", StatusCodes.Status503ServiceUnavailable, "Ending",
        "The service ends. Try again in a second.");
}

/// <summary>Work is not taken.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal => refusal;
}
