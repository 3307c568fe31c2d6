using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    internal static partial class Defaults
    {
        public const int SampleCount = 36;
    }

    public sealed partial record Options
    {
        /// <summary>
        /// Images trained on between two looks at what the generator makes of the same noise, 0 or more. Default 0: none. The
        /// first look is before the first minibatch, and the last one after the last. Training is the same, bit for bit, whether it is looked at or not.
        /// </summary>
        [FreeOnResume]
        public long SampleInterval;

        /// <summary>Pictures at each look, 1 to 10,000. Default 36. With classes, they take turns: picture i is of class i modulo their number.</summary>
        [FreeOnResume]
        public int SampleCount = Defaults.SampleCount;

        /// <summary>
        /// Called with each look, on the thread that trains. Default null. It needs a <see cref="SampleInterval"/>. What is looked
        /// at is the average of the weights, where there is one. An exception that it throws ends the training.
        /// </summary>
        [JsonIgnore]
        public Action<TrainingSamples>? Samples;

        private void CheckSamples()
        {
            Require(nameof(SampleInterval), SampleInterval, SampleInterval >= 0, "0 or more images", 0);
            Require(nameof(SampleInterval), SampleInterval, SampleInterval > 0 || Samples == null, "above 0 where Samples is to be called, such as 5,000 images", 0);
            Require(nameof(SampleCount), SampleCount, SampleCount is >= 1 and <= 10_000, "from 1 to 10,000", Defaults.SampleCount);
        }
    }
}
