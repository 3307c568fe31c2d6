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
    /// the generator ends as the best one that was evaluated.
    /// </summary>
    public static TrainingSummary Run(GanNetworks networks, TrainingImages images, TrainingSettings settings,
        Action<TrainingProgress>? report, CancellationToken cancellation, IGeneratorEvaluation? evaluation = null)
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
        Tensor measured = zeros(StepMeasures.Count, device: device);
        var history = new List<TrainingProgress>();
        var clock = Stopwatch.StartNew();
        TimeSpan reportedAt = TimeSpan.Zero;
        int unreported = 0;
        long done = 0;

        while (done < steps && !cancellation.IsCancellationRequested && best is not { HasStalled: true })
        {
            // 3. One minibatch of real images, and as many noise vectors.
            using (NewDisposeScope())
            {
                Tensor real = minibatches.Next();
                var moment = new TrainingMoment(done, steps, random.At(RandomPurpose.Step, done));
                Tensor noise = TrainingNoise.Draw(networks.Shape, batch, moment.Random).to(device);
                measured.add_(step.Run(real, noise, moment));
            }
            done++;
            unreported++;

            // 4. At intervals, and at the end, wait for the device and say how it goes, or how good it has become.
            bool evaluated = best != null && (done == steps || best.IsDue(done * batch));
            if (evaluated || done % settings.ProgressInterval == 0 || done == steps)
                Report(evaluated);
        }

        // 5. Done, or stopped early.
        if (unreported > 0)
            Report(evaluate: false);
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
            Cancelled = done < steps && !stalled,
            Stalled = stalled,
            FrechetDistance = best?.Distance,
            BestStep = best?.Step,
            History = history,
        };

        void Report(bool evaluate)
        {
            StepMeasures mean = StepMeasures.Mean(measured);
            if (!mean.AreFinite)
            {
                throw new InvalidOperationException(
                    $"Training diverged: the losses are not numbers by step {done} of {steps} " +
                    $"(discriminator {mean.DiscriminatorLoss}, generator {mean.GeneratorLoss}). " +
                    $"Lower LearningRate, which is {settings.LearningRate}.");
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
                FrechetDistance = evaluate ? best!.Evaluate(done, done * batch) : null,
                ImagesPerSecond = unreported * batch / Math.Max((now - reportedAt).TotalSeconds, 1e-9),
                Elapsed = now,
                TimeLeft = now * ((double)(steps - done) / done),
            };
            history.Add(progress);
            measured.zero_();
            unreported = 0;
            reportedAt = clock.Elapsed;
            report?.Invoke(progress);
        }
    }
}
