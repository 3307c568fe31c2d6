namespace Microsoft.ML.Dcgan.Tool;

/// <summary>A command line that says what cannot be done. The message is for the person at the keyboard.</summary>
internal sealed class UsageException(string message) : Exception(message);
