using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Evaluation;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Training;
using Schema = Microsoft.ML.Dcgan.OptionsSchema<Microsoft.ML.Dcgan.DcganEstimator.Options>;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    // From the view to a trained model: in this process, or in each of several that do so together.
    private DcganTransformer Train(IDataView input, DcganTransformer? initialModel) =>
        MpiCommunicator.Run(_options.Distribution, _options.CommunicationTimeout, ranks => Train(input, initialModel, ranks));

    private DcganTransformer Train(IDataView input, DcganTransformer? initialModel, Communicator ranks)
    {
        using var log = new TrainingLog(_environment, _options.Progress);
        (int localRank, int sharing) = RankAgreement.Place(ranks);
        using TrainingMaterial material = ranks.Together(() => Read(input, initialModel, ranks, localRank, log));
        (torch.Device device, NetworkShape shape, LabelColumn? labels) = (material.Device, material.Shape, material.Labels);
        using IDisposable? threads = OpenMp.Share(sharing * _options.Replicas);

        // What the options leave open is as it was where training goes on, and as the root has it.
        Checkpoint? last = material.Checkpoints?.Last?.Checkpoint;
        int seed = _options.Seed ?? last?.Options.Seed ?? EnvironmentBridge.Seed(_environment) ?? Random.Shared.Next();
        DcganPrecision asked = _options.Precision == DcganPrecision.Auto && last != null ? last.Precision : _options.Precision;
        torch.ScalarType precision = PrecisionChoice.Choose((DcganPrecision)ranks.FromRoot(() => (double)asked), device);
        Dataset images = ranks.IsAlone ? material.Images : new ShardedDataset(material.Images, ranks);
        Options options = (_options with { Seed = (int)ranks.FromRoot(() => seed) }).WithEnd(images.Count);
        ReadingNotes notes = ReadingNotes.Of(material.Flaws, material.Skipped, ranks);
        RequireTrainable(ranks, options, images, shape, precision);
        if (ranks.IsRoot)
        {
            log.Read(images, notes, labels);
            log.Start(images, material.Format, device, precision, shape);
            if (last != null)
                log.Resume(last.Resumable.Done, material.Checkpoints!.Last!.Value.Path);
        }
        return Ownership.HandOver(new GanNetworks(shape, device, precision), networks =>
        {
            if (initialModel != null)
                networks.CopyFrom(initialModel.Networks);
            using TrainingEvaluation? evaluation = options.EvaluationInterval > 0
                ? new TrainingEvaluation(images, options, device)
                : null;
            using FixedNoiseSamples? samples = options is { SampleInterval: > 0, Samples: not null }
                ? new FixedNoiseSamples(shape, options, device)
                : null;
            TrainingSummary summary = _options.Replicas == 1 ? Loop(networks, ranks)
                : ThreadCommunicator.Run(options.Replicas, replica =>
                {
                    if (replica.IsRoot)
                        return Loop(networks, replica);
                    torch.Device another = DcganModel.ChooseDevice(_options.Device, _environment, replica.Rank);
                    using var copy = new GanNetworks(shape, another, precision);
                    if (initialModel != null)
                        copy.CopyFrom(initialModel.Networks);
                    return Loop(copy, replica);
                });
            if (ranks.IsRoot)
                log.End(summary, options.EvaluationPatience);
            summary = summary with { SkippedImages = notes.SkippedCount };
            return new DcganTransformer(networks, ModelDescription.OfGenerator(shape, options, LabelDescription.Of(labels), summary));

            TrainingSummary Loop(GanNetworks replica, Communicator replicas) => new TrainingLoop(replica, images, options)
            {
                Ranks = replicas,
                Report = replicas.IsRoot ? log.Report : null,
                Alarm = replicas.IsRoot ? log.Alarm : null,
                Evaluation = evaluation == null ? null : networks => evaluation.Distance(networks, replicas),
                Sampling = samples == null || !replicas.IsRoot ? null : samples.Sample,
                Checkpoints = replicas.IsRoot ? material.Checkpoints : null,
                Continues = initialModel != null,
            }.Run(options.CancellationToken);
        });
    }

    // What may fail for one process and not for another. Only the root has checkpoints.
    private TrainingMaterial Read(IDataView input, DcganTransformer? initialModel, Communicator ranks, int localRank, TrainingLog log)
    {
        torch.Device device = DcganModel.ChooseDevice(_options.Device, _environment, localRank);
        (DataViewSchema.Column column, ImageFormat format) = _images.Resolve(input);
        LabelColumn? labels = _options.LabelColumnName is { } name ? LabelColumn.OfTraining(input.Schema, name) : null;
        var shape = NetworkShape.Create(_options, (format.Height, format.Width, format.Channels), labels?.Classes.Count ?? 0);
        initialModel?.RequireSame(shape, labels);
        CheckpointFolder? checkpoints = _options.CheckpointFolder != null && ranks.IsRoot ? new CheckpointFolder(_options, log.Warn) : null;
        return Ownership.HandOver(checkpoints, _ =>
        {
            var flaws = new ImageFlaws(column.Name);
            Dataset images = ImageReader.Load(input, column, format, labels, device, _options, flaws, out SkippedRows skipped, ranks);
            return new TrainingMaterial(device, format, shape, labels, checkpoints, images, flaws, skipped);
        });
    }

    // Each process with the same of everything, and no more of them than there are images to share.
    private static void RequireTrainable(
        Communicator ranks, Options options, Dataset images, NetworkShape shape, torch.ScalarType precision)
    {
        long batch = Math.Min(options.BatchSize, images.Count), replicas = ranks.Size * (long)options.Replicas;
        if (replicas > batch)
        {
            throw Communicator.OfAll(new InvalidOperationException($"{replicas} replicas are to train together, but a minibatch has only " +
                $"{batch} images (BatchSize, or all images where there are fewer): have at most {batch} replicas."));
        }
        if (ranks.IsAlone)
            return;
        RankAgreement.Require(ranks,
        [
            ("version", typeof(DcganEstimator).Assembly.GetName().Version!.ToString()), ("images", $"{images.Count}"),
            ("networks", shape.ToString()), ("threads", $"{torch.get_num_threads()}"), ("precision", precision.ToString()),
            ("checkpoints", options.CheckpointFolder != null ? "asked for" : "not asked for"),
            .. from field in Schema.Fields
               where field.IsText && field.Name is not (nameof(Options.CacheFolder) or nameof(Options.CheckpointFolder))
               select (field.Name, field.TextOf(options)),
        ]);
    }

    // What there is to train on, and with.
    private sealed record TrainingMaterial(torch.Device Device, ImageFormat Format, NetworkShape Shape, LabelColumn? Labels,
        CheckpointFolder? Checkpoints, Dataset Images, ImageFlaws Flaws, SkippedRows Skipped) : IDisposable
    {
        public void Dispose()
        {
            Images.Dispose();
            Checkpoints?.Dispose();
        }
    }
}
