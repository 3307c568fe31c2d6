using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataContextTests
{
    [TestMethod]
    public void WhatAComponentSaysIsLogged()
    {
        var ml = new MLContext(seed: 1);
        var log = new List<LoggingEventArgs>();
        ml.Log += (sender, e) =>
        {
            Assert.AreSame(ml, sender);
            log.Add(e);
        };
        IHost host = ((IHostEnvironment)ml).Register("Trainer");
        using (IChannel channel = host.Start("Training"))
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 1, 2);

        LoggingEventArgs info = log.Single(message => message.Kind == ChannelMessageKind.Info);
        Assert.AreEqual("epoch 1 of 2", info.RawMessage);
        Assert.AreEqual("Trainer; Training", info.Source);
        Assert.AreEqual("[Source=Trainer; Training, Kind=Info] epoch 1 of 2", info.Message);
        CollectionAssert.AreEqual(new[] { "Channel started", "epoch 1 of 2", "Channel disposed" },
            log.Select(message => message.RawMessage).Where(message => !message.StartsWith("Channel finished")).ToArray());
    }

    [TestMethod]
    public void ASeedDeterminesTheRandomNumbersOfHosts()
    {
        int[] Draw(int? seed)
        {
            IHostEnvironment env = new MLContext(seed);
            return Enumerable.Range(0, 5).Select(i => env.Register("a").Rand.Next()).ToArray();
        }

        CollectionAssert.AreEqual(Draw(4), Draw(4));
        CollectionAssert.AreNotEqual(Draw(4), Draw(5));
        CollectionAssert.AreNotEqual(Draw(null), Draw(null));
    }

    [TestMethod]
    public void TheDeviceIsTheUsersChoice()
    {
        var ml = new MLContext { GpuDeviceId = 2, FallbackToCpu = true };
        Assert.AreEqual(2, ml.GpuDeviceId);
        Assert.IsTrue(ml.FallbackToCpu);
        Assert.IsNull(new MLContext().GpuDeviceId);
        Assert.AreNotEqual("", ml.TempFilePath);
    }
}
