using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    // How a training is watched, kept from harm and resumed, and what its model does.
    public sealed partial record Options
    {
        /// <summary>Minibatches between two reports of progress, 1 or more. Default 50. The last is always reported.</summary>
        [Category("Watching"), Description("Minibatches between two reports of progress."), Range(1, int.MaxValue), FreeOnResume]
        public int ProgressInterval = 50;

        /// <summary>Called with each report, on the thread that trains. Default null. What it throws ends the training.</summary>
        [Description("Called with each report."), JsonIgnore]
        public Action<TrainingProgress>? Progress;

        /// <summary>Images between two samples of the same noise, 0 or more images. Default 0: none. Training is not changed.</summary>
        [Description("Images between two samples of the same noise; 0: none."), Range(0, Infinity), DataType("images"), FreeOnResume]
        public long SampleInterval;

        /// <summary>Pictures in each sample, from 1 to 10,000. Default 36. With classes, they take turns.</summary>
        [Description("Pictures in each sample."), Range(1, 10_000), FreeOnResume]
        public int SampleCount = 36;

        /// <summary>Called with each sample, likewise; it needs a <see cref="SampleInterval"/>. Default null.</summary>
        [Description("Called with each sample."), JsonIgnore]
        public Action<TrainingSamples>? Samples;

        /// <summary>Images between two Fréchet distances, 0 or more images. Default 0: none, or with 0 <see cref="Epochs"/> 20,000, or an
        /// epoch if that is more. The best generator is kept.</summary>
        [Description("Images between two evaluations, the best of which is kept; 0: none."), Range(0, Infinity), DataType("images")]
        public long EvaluationInterval;

        /// <summary>Images generated for each, 2 or more. Default 5,000. Distances of different numbers cannot be compared.</summary>
        [Description("Images generated for an evaluation."), Range(2, int.MaxValue)]
        public int EvaluationSamples = 5_000;

        /// <summary>What evaluations measure in: a transformer that reads images in <see cref="ImageColumnName"/> and adds a known-size
        /// vector of <see cref="float"/>, of which the last is taken. Who made it disposes it. Default null: the features of a
        /// discriminator with random weights (Naeem et al. 2020, section 4).</summary>
        [Description("Transformer whose output evaluations measure in.")]
        [DisplayFormat(NullDisplayText = "for random features"), JsonIgnore]
        public ITransformer? EvaluationFeatures;

        /// <summary>Evaluations in a row without a better one before training ends, 0 or more. Default 0: it goes on to its end; with 0
        /// <see cref="Epochs"/>, 5, before rates begin to fall.</summary>
        [Description("Evaluations without a better one before training ends; 0: it goes on."), Range(0, int.MaxValue)]
        public int EvaluationPatience;

        /// <summary>Stops training: <see cref="Fit(IDataView)"/> returns the model as far as it got, with
        /// <see cref="TrainingSummary.Cancelled"/> set; before the first minibatch it throws
        /// <see cref="OperationCanceledException"/>.</summary>
        [Description("Stops training early; the model is what it had become."), JsonIgnore]
        public CancellationToken CancellationToken;

        /// <summary>What to do when training goes wrong. Default <see cref="DcganHealthPolicy.Warn"/>.</summary>
        [Category("Safety"), Description("What to do when training goes wrong.")]
        public DcganHealthPolicy HealthPolicy = DcganHealthPolicy.Warn;

        /// <summary>Images between two health checks, 0 or more images. Default 5,000. 0: none.</summary>
        [Description("Images between two checks of the training's health; 0: none."), Range(0, Infinity), DataType("images")]
        public long HealthInterval = 5_000;

        /// <summary>A folder for what a training needs to go on as if it had never stopped. Default null, for no checkpoints.</summary>
        [Description("Folder for checkpoints."), DataType("a folder's path")]
        [DisplayFormat(NullDisplayText = "for no checkpoints"), FreeOnResume]
        public string? CheckpointFolder;

        /// <summary>Images between two checkpoints, 0 or more images. Default 0: only <see cref="CheckpointMinutes"/> counts.</summary>
        [Description("Images between two checkpoints; 0: time alone counts."), Range(0, Infinity), DataType("images"), FreeOnResume]
        public long CheckpointInterval;

        /// <summary>Time between two checkpoints, 0 or more minutes. Default 10. 0: only <see cref="CheckpointInterval"/> counts.</summary>
        [Description("Minutes between two checkpoints; 0: images alone count."), Range(0, Infinity), DataType("minutes"), FreeOnResume]
        public double CheckpointMinutes = 10;

        /// <summary>How many of the last checkpoints to keep, from 1 to 1,000. Default 3. The best evaluated one stays, too.</summary>
        [Description("How many of the last checkpoints to keep."), Range(1, 1000), FreeOnResume]
        public int CheckpointsKept = 3;

        /// <summary>Whether to go on from the folder's last checkpoint, if there is one. Default false: a folder that has some is refused.
        /// On the CPU, with the same data, options and threads, the weights become those of an uninterrupted training.</summary>
        [Description("Go on from the last checkpoint, if there is one."), FreeOnResume]
        public bool Resume;

        /// <summary>Where replicas of the networks train together on a share of every minibatch each. Default
        /// <see cref="DcganDistribution.None"/>: <see cref="Replicas"/> in this process.</summary>
        [Category("Several at once"), Description("Whether the processes that an MPI launcher started train together.")]
        [JsonIgnore, FreeOnResume]
        public DcganDistribution Distribution = DcganDistribution.None;

        /// <summary>How many replicas train together in this process, from 1 to 1,024: on a GPU each, or on a part of the processors.
        /// Default 1. More than <see cref="BatchSize"/> are too many. With another number the weights are others, by rounding and, without
        /// <see cref="SynchronizeBatchStatistics"/>, by batch statistics.</summary>
        [Description("Replicas of the networks that train together in this process."), Range(1, 1024), JsonIgnore, FreeOnResume]
        public int Replicas = 1;

        /// <summary>Whether batch normalisation and <see cref="MinibatchDeviation"/> of several replicas take statistics of the whole
        /// minibatch, and not each of its share, which is worse where shares are small (docs/scaling.md). Default true. It takes messages
        /// in every layer; with <see cref="LocalSteps"/> above 1 there are none, and each has its own.</summary>
        [Description("Take batch statistics over all replicas.")]
        public bool SynchronizeBatchStatistics = true;

        /// <summary>Whether gradients, or weights with <see cref="LocalSteps"/>, travel between replicas in bfloat16: half as many bytes.
        /// Default false. They are summed in float32.</summary>
        [Description("Send gradients between replicas in bfloat16.")]
        public bool CompressGradients;

        /// <summary>What each replica does by itself before all take the mean of their weights, from 1 to 1,000 steps (local SGD: Stich
        /// 2019). Default 1: all step by the mean of their gradients. Reports, evaluations, checkpoints wait for such a mean.</summary>
        [Description("Steps that a replica takes before weights are averaged."), Range(1, 1000), DataType("steps")]
        public int LocalSteps = 1;

        /// <summary>How long a process waits for the others before it ends all, above 0 minutes. Default 30. Others wait while the first
        /// saves, or draws samples.</summary>
        [Description("Minutes to wait for another process before all are ended.")]
        [Range(0, Infinity, MinimumIsExclusive = true), DataType("minutes"), JsonIgnore, FreeOnResume]
        public double CommunicationTimeout = 30;

        /// <summary>What to do with training pictures that cannot be read. Default <see cref="DcganBadImages.Stop"/>.</summary>
        [Description("What to do with images that cannot be read."), FreeOnResume]
        public DcganBadImages BadImages = DcganBadImages.Stop;

        /// <summary>Seeds the noise that the transformer draws where the data has no noise column. Default 0.</summary>
        [Category("Generating"), Description("Seed of the noise where the data has none."), JsonIgnore]
        public int GenerationSeed;

        /// <summary>Images that the transformer generates at once, from 1 to 10,000. Default 64.</summary>
        [Description("Images generated at once."), Range(1, 10_000), JsonIgnore]
        public int GenerationBatchSize = Defaults.GenerationBatchSize;
    }
}
