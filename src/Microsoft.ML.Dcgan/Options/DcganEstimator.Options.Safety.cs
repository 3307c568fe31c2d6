namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    internal static partial class Defaults
    {
        public const long HealthInterval = 5_000;
        public const long CheckpointInterval = 0;
        public const double CheckpointMinutes = 10;
        public const int CheckpointsKept = 3;
    }

    public sealed partial record Options
    {
        /// <summary>What to do when training goes wrong; <see cref="TrainingSummary.Events"/> tells. Default <see cref="DcganHealthPolicy.Warn"/>.</summary>
        public DcganHealthPolicy HealthPolicy = DcganHealthPolicy.Warn;

        /// <summary>Images trained on between two looks at the training's health, 0 and up. Default 5,000. 0: none.</summary>
        public long HealthInterval = Defaults.HealthInterval;

        /// <summary>
        /// A folder for checkpoints: all that a training needs to go on exactly as if it had never stopped. Default null: none
        /// are written. It is made where it is missing.
        /// </summary>
        [FreeOnResume]
        public string? CheckpointFolder;

        /// <summary>Images trained on between two checkpoints, 0 and up. Default 0: only <see cref="CheckpointMinutes"/> counts.</summary>
        [FreeOnResume]
        public long CheckpointInterval = Defaults.CheckpointInterval;

        /// <summary>Minutes between two checkpoints, 0 and up. Default 10. 0: only <see cref="CheckpointInterval"/> counts.</summary>
        [FreeOnResume]
        public double CheckpointMinutes = Defaults.CheckpointMinutes;

        /// <summary>How many of the last checkpoints to keep, 1 to 1,000. Default 3. The one with the best evaluation is kept beside them.</summary>
        [FreeOnResume]
        public int CheckpointsKept = Defaults.CheckpointsKept;

        /// <summary>
        /// Whether to go on from the last checkpoint in <see cref="CheckpointFolder"/>, and from the start where there is none yet.
        /// Default false, with which a folder that has checkpoints is refused. On the CPU, with the same data, options and number
        /// of threads, the weights become those of an uninterrupted training, bit for bit.
        /// </summary>
        [FreeOnResume]
        public bool Resume;

        /// <summary>What to do with training pictures that cannot be read. Default <see cref="DcganBadImages.Stop"/>.</summary>
        [FreeOnResume]
        public DcganBadImages BadImages = DcganBadImages.Stop;

        private void CheckSafety()
        {
            Require(nameof(HealthPolicy), HealthPolicy, Enum.IsDefined(HealthPolicy), "Warn, Stop or RollBack", DcganHealthPolicy.Warn);
            Require(nameof(HealthInterval), HealthInterval, HealthInterval >= 0, "0 or more images", Defaults.HealthInterval);
            Require(nameof(CheckpointInterval), CheckpointInterval, CheckpointInterval >= 0, "0 or more images", Defaults.CheckpointInterval);
            Require(nameof(CheckpointMinutes), CheckpointMinutes, CheckpointMinutes >= 0 && double.IsFinite(CheckpointMinutes), "0 or more minutes", Defaults.CheckpointMinutes);
            Require(nameof(CheckpointsKept), CheckpointsKept, CheckpointsKept is >= 1 and <= 1000, "from 1 to 1,000", Defaults.CheckpointsKept);
            Require(nameof(CheckpointFolder), CheckpointFolder, CheckpointFolder == null || !string.IsNullOrWhiteSpace(CheckpointFolder), "a folder's path", "null, for no checkpoints");
            Require(nameof(Resume), Resume, !Resume || CheckpointFolder != null, "false where there is no CheckpointFolder to go on from", false);
            Require(nameof(BadImages), BadImages, Enum.IsDefined(BadImages), "Stop or Skip", DcganBadImages.Stop);
        }
    }
}
