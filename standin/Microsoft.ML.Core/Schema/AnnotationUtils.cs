namespace Microsoft.ML.Data;

internal static class AnnotationUtils
{
    /// <summary>The names of well-known annotations.</summary>
    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
    }
}
