using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static Microsoft.ML.Runtime.ProgressReporting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreProgressTests
{
    private readonly LocalEnvironment _env = new();
    private readonly ProgressTracker _tracker;

    public CoreProgressTests()
    {
        _tracker = new ProgressTracker(_env);
    }

    [TestMethod]
    public void ChannelsStartReportCheckpointsAndStop()
    {
        using (ProgressChannel channel = Start("Training"))
        {
            channel.SetHeader(new ProgressHeader(["loss"], ["epochs"]), null);
            channel.Checkpoint(0.5, 3, 25);
            channel.Checkpoint(0.4, null, double.NaN);
        }

        CollectionAssert.AreEqual(
            new[] { "Training Start", "Training Progress loss=0.5 epochs=3/25", "Training Progress loss=0.4 epochs=/", "Training Stop" },
            Describe(_tracker.GetAllProgress()));
        Assert.AreEqual(0, _tracker.GetAllProgress().Count);
    }

    [TestMethod]
    public void ASilentChannelIsAskedWithItsSubchannels()
    {
        using ProgressChannel channel = Start("Training");
        channel.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry =>
        {
            entry.SetMetric(0, 0.25);
            entry.SetProgress(0, 2, 25);
        });
        using IProgressChannel batches = channel.StartProgressChannel("Epoch");
        batches.SetHeader(new ProgressHeader("batches"), entry => entry.SetProgress(0, 7));
        batches.Checkpoint(1);
        _tracker.GetAllProgress();

        CollectionAssert.AreEqual(new[] { "Training Progress loss=0.25 epochs=2/25 batches=7/" }, Describe(_tracker.GetAllProgress()));
        batches.Dispose();
        CollectionAssert.AreEqual(new[] { "Training Progress loss=0.25 epochs=2/25" }, Describe(_tracker.GetAllProgress()));
    }

    [TestMethod]
    public void CalculationsOfOneNameAreNumbered()
    {
        using ProgressChannel first = Start("Training");
        using ProgressChannel second = Start("Training");

        CollectionAssert.AreEqual(new[] { "Training Start", "Training #2 Start" }, Describe(_tracker.GetAllProgress()));
    }

    [TestMethod]
    public void WhatTheHeaderDoesNotNameIsRefused()
    {
        ProgressChannel channel = Start("Training");
        channel.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetMetric(1, 0));

        Assert.ThrowsExactly<InvalidOperationException>(() => channel.Checkpoint(1, 2, 3, 4));
        Assert.ThrowsExactly<InvalidOperationException>(() => channel.GetProgress());
        channel.Dispose();
        channel.Dispose();
        Assert.ThrowsExactly<InvalidOperationException>(() => channel.Checkpoint(1));
    }

    [TestMethod]
    public void AnEnvironmentGivesChannels()
    {
        using IProgressChannel channel = _env.Register("Trainer").StartProgressChannel("Training");

        channel.SetHeader(new ProgressHeader("epochs"), null);
        channel.Checkpoint(1);
        Assert.ThrowsExactly<InvalidOperationException>(() => channel.Checkpoint(1, 2, 3));
    }

    private ProgressChannel Start(string name) => new(_env, _tracker, name);

    private static string[] Describe(IEnumerable<ProgressEvent> events) => events.Select(item =>
    {
        IEnumerable<string> words = [item.Name, item.Kind.ToString()];
        if (item.ProgressEntry is { } entry)
        {
            words = words.Concat(entry.Header.MetricNames.Select((name, i) => FormattableString.Invariant($"{name}={entry.Metrics[i]}")))
                .Concat(entry.Header.UnitNames.Select((name, i) => FormattableString.Invariant($"{name}={entry.Progress[i]}/{entry.ProgressLim[i]}")));
        }

        return string.Join(' ', words);
    }).ToArray();
}
