using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Trains both networks from first weights to last.</summary>
internal static class TrainingLoop
{
    /// <summary>
    /// Initialises and trains <paramref name="networks"/>. A cancelled run ends after the step in progress and keeps what
    /// it learned; cancelled before the first step, it throws <see cref="OperationCanceledException"/>. With an evaluation,
    /// the generator ends as the best one that was evaluated. Where its health makes it end, both networks end as they were
    /// when it was last healthy.
    /// </summary>
    public static TrainingSummary Run(GanNetworks networks, TrainingImages images, TrainingSettings settings,
        Action<TrainingProgress>? report, CancellationToken cancellation, IGeneratorEvaluation? evaluation = null,
        Action<TrainingEvent>? alarmed = null)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        Device device = networks.Device;
        using KeptMemory? memory = device.type == DeviceType.CPU ? new KeptMemory() : null;

        // 1. Everything random comes from the seed.
        using var random = new TrainingRandom(settings.Seed);
        networks.Initialize(random.At(RandomPurpose.Weights));
        networks.Generator.train();
        networks.Discriminator.train();
        using var step = new AdversarialStep(networks, settings);

        // 2. The length: every image, epoch after epoch, in full minibatches; fewer images than one make a smaller one.
        long batch = Math.Min(settings.BatchSize, images.Count);
        long steps = (images.Count * settings.Epochs + batch - 1) / batch;
        using var minibatches = new Minibatches(images, batch, settings.Seed, device);
        using BestGenerator? best = evaluation != null ? new BestGenerator(networks, evaluation, settings.Evaluation!) : null;
        using var health = new HealthMonitor(networks, step, images, settings, random, alarmed);
        Tensor measured = zeros(StepMeasures.Count, device: device);
        var history = new List<TrainingProgress>();
        var clock = Stopwatch.StartNew();
        health.LookAtImages(images.Count);
        TimeSpan reportedAt = TimeSpan.Zero;
        int unreported = 0;
        long done = 0;

        while (done < steps && !cancellation.IsCancellationRequested && best is not { HasStalled: true } && !health.HasStopped)
        {
            // 3. One minibatch of real images, and as many noise vectors.
            using (NewDisposeScope())
            {
                Tensor real = minibatches.Next();
                var moment = new TrainingMoment(done, steps, random.At(RandomPurpose.Step, done));
                Tensor noise = randn(batch, networks.Shape.NoiseSize, generator: moment.Random).to(device);
                Tensor measures = step.Run(real, noise, moment);
                measured.add_(measures);
                health.Add(measures);
            }
            done++;
            unreported++;

            // 4. At intervals, and at the end, wait for the device and say how it goes, how good it has become, or how healthy it is.
            bool evaluated = best != null && (done == steps || best.IsDue(done * batch));
            bool looked = settings.Health.Interval > 0 && (done == steps || health.IsDue(done * batch));
            if (evaluated || looked || done % settings.ProgressInterval == 0 || done == steps)
                Report(evaluated, looked);
        }

        // 5. Done, or stopped early.
        if (unreported > 0)
            Report(evaluate: false, look: false);
        best?.Restore();
        bool stalled = done < steps && best is { HasStalled: true };
        networks.Generator.eval();
        networks.Discriminator.eval();
        return new TrainingSummary
        {
            Images = images.Count,
            Epochs = settings.Epochs,
            BatchSize = (int)batch,
            Steps = done,
            PlannedSteps = steps,
            Seed = settings.Seed,
            Device = device.ToString(),
            Precision = PrecisionChoice.Name(networks.Precision),
            Duration = clock.Elapsed,
            Cancelled = done < steps && !stalled && !health.HasStopped,
            Stalled = stalled,
            FrechetDistance = best?.Distance,
            BestStep = best?.Step ?? health.RestoredStep,
            Events = health.Events,
            History = history,
        };

        void Report(bool evaluate, bool look)
        {
            StepMeasures mean = StepMeasures.Mean(measured);
            measured.zero_();
            double? diversity = look || !mean.AreFinite ? health.Look(done, done * batch) : null;
            if (!mean.AreFinite)
            {
                unreported = 0;
                return;
            }

            TimeSpan now = clock.Elapsed;
            var progress = new TrainingProgress
            {
                // The last minibatch may reach past the last epoch.
                Epoch = (int)Math.Min((done * batch - 1) / images.Count + 1, settings.Epochs),
                Epochs = settings.Epochs,
                Step = done,
                Steps = steps,
                DiscriminatorLoss = mean.DiscriminatorLoss,
                GeneratorLoss = mean.GeneratorLoss,
                RealScore = mean.RealScore,
                GeneratedScoreBefore = mean.GeneratedScoreBefore,
                GeneratedScoreAfter = mean.GeneratedScoreAfter,
                Diversity = diversity,
                FrechetDistance = evaluate && !health.HasStopped ? best!.Evaluate(done, done * batch) : null,
                ImagesPerSecond = unreported * batch / Math.Max((now - reportedAt).TotalSeconds, 1e-9),
                Elapsed = now,
                TimeLeft = now * ((double)(steps - done) / done),
            };
            history.Add(progress);
            unreported = 0;
            reportedAt = clock.Elapsed;
            report?.Invoke(progress);
        }
    }
}
