using Microsoft.ML.Dcgan.Training;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class LearningRatesTests
{
    [TestMethod]
    [DataRow(DcganSchedule.Constant, 0.5, 0, 1.0)]
    [DataRow(DcganSchedule.Constant, 0.5, 1000, 1.0)]
    [DataRow(DcganSchedule.Linear, 0.5, 0, 1.0)]
    [DataRow(DcganSchedule.Linear, 0.5, 500, 1.0)]
    [DataRow(DcganSchedule.Linear, 0.5, 750, 0.5)]
    [DataRow(DcganSchedule.Linear, 0.5, 1000, 0.0)]
    [DataRow(DcganSchedule.Linear, 0.0, 250, 0.75)]
    [DataRow(DcganSchedule.Cosine, 0.5, 0, 1.0)]
    [DataRow(DcganSchedule.Cosine, 0.5, 500, 1.0)]
    [DataRow(DcganSchedule.Cosine, 0.5, 750, 0.5)]
    [DataRow(DcganSchedule.Cosine, 0.5, 1000, 0.0)]
    [DataRow(DcganSchedule.Cosine, 0.0, 250, 0.853553390593274)]    // (1 + cos(45 degrees)) / 2
    [DataRow(DcganSchedule.Cosine, 0.9, 900, 1.0)]
    public void Follow_the_schedule(DcganSchedule schedule, double start, long step, double share)
    {
        var settings = LoopOptions.Create(4) with { LearningRateSchedule = schedule, LearningRateDecayStart = start };
        var moment = new StepContext(step, 1000, torch.Generator.Default);

        Assert.AreEqual(2e-4 * share, LearningRateSchedule.At(moment, settings), 1e-15);
        Assert.AreEqual(3e-4 * share, LearningRateSchedule.At(moment, settings, 3e-4), 1e-15);
    }

    // Of 1,000 steps 100 rise: the first takes a hundredth, the last of them all; and the schedule falls on top of that.
    [TestMethod]
    [DataRow(0, 0.01)]
    [DataRow(49, 0.5)]
    [DataRow(99, 1.0)]
    [DataRow(500, 1.0)]
    [DataRow(750, 0.5)]
    public void Rise_first_where_there_is_a_warm_up(long step, double share)
    {
        var settings = LoopOptions.Create(4) with
        {
            LearningRateSchedule = DcganSchedule.Linear,
            LearningRateDecayStart = 0.5,
            LearningRateWarmUp = 0.1,
        };
        Assert.AreEqual(2e-4 * share, LearningRateSchedule.At(new StepContext(step, 1000, torch.Generator.Default), settings), 1e-15);
    }
}
