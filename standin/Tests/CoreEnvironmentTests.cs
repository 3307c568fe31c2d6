using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreEnvironmentTests
{
    [TestMethod]
    public void ListenersGetMessagesWithTheirSourceKindAndSensitivity()
    {
        var env = new LocalEnvironment();
        var heard = new List<(string Source, ChannelMessage Message)>();
        void Listen(IMessageSource source, ChannelMessage message) => heard.Add((source.FullName, message));
        env.AddListener(Listen);

        IHost host = env.Register("Trainer");
        using (IChannel channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0}", 1);
            channel.Warning(MessageSensitivity.Schema, "100% {");
            channel.Trace(MessageSensitivity.Unknown, "anything");
            channel.Error(MessageSensitivity.UserData, "broken");
        }

        env.RemoveListener(Listen);
        using (host.Start("Later"))
        {
        }

        Assert.IsTrue(heard.All(item => item.Source == "Trainer; Training"));
        CollectionAssert.AreEqual(
            new[]
            {
                "Trace None Channel started", "Info None epoch 1", "Warning Schema 100% {", "Trace All anything", "Error UserData broken",
            },
            heard.Take(5).Select(item => $"{item.Message.Kind} {Name(item.Message.Sensitivity)} {item.Message.Message}").ToArray());
        Assert.AreEqual(7, heard.Count);
        StringAssert.StartsWith(heard[5].Message.Message, "Channel finished.");
    }

    [TestMethod]
    public void PipesCarryMessagesOfTheirTypeOnly()
    {
        var env = new LocalEnvironment();
        var heard = new List<int>();
        env.AddListener<int>((_, number) => heard.Add(number));

        using (IPipe<int> numbers = env.Register("Host").StartPipe<int>("Numbers"))
            numbers.Send(3);
        using (IPipe<string> texts = env.StartPipe<string>("Texts"))
            texts.Send("4");

        CollectionAssert.AreEqual(new[] { 3 }, heard);
    }

    [TestMethod]
    public void AMessageWithoutTextIsRefused()
    {
        using IChannel channel = new LocalEnvironment().Start("Channel");

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => channel.Info(MessageSensitivity.None, ""));
    }

    [TestMethod]
    public void HostsTakeOverTheSettings()
    {
        var env = new LocalEnvironment(seed: 5) { GpuDeviceId = 2, FallbackToCpu = true };
        var host = (IHostEnvironmentInternal)env.Register("Outer").Register("Inner");

        Assert.AreEqual(5, host.Seed);
        Assert.AreEqual(2, host.GpuDeviceId);
        Assert.IsTrue(host.FallbackToCpu);
        Assert.AreSame(env.ComponentCatalog, host.ComponentCatalog);
    }

    [TestMethod]
    public void ASeedMakesHostsRepeatTheirRandomNumbers()
    {
        int[] Draw(LocalEnvironment env) => Enumerable.Range(0, 3).Select(i => env.Register($"Host {i}").Rand.Next()).ToArray();

        int[] drawn = Draw(new LocalEnvironment(seed: 1));
        CollectionAssert.AreEqual(drawn, Draw(new LocalEnvironment(seed: 1)));
        CollectionAssert.AreNotEqual(drawn, Draw(new LocalEnvironment(seed: 2)));
        Assert.AreEqual(3, drawn.Distinct().Count());
        Assert.AreEqual(
            new LocalEnvironment(seed: 1).Register("Host", seed: 9).Rand.Next(), new LocalEnvironment(seed: 2).Register("Host", seed: 9).Rand.Next());
    }

    [TestMethod]
    public void CancellingReachesEveryHost()
    {
        var env = new LocalEnvironment();
        IHost outer = env.Register("Outer");
        var inner = (ICancelable)outer.Register("Inner");

        ((ICancelable)env).CancelExecution();

        Assert.IsTrue(((ICancelable)outer).IsCanceled);
        Assert.IsTrue(inner.IsCanceled);
        Assert.IsTrue(((ICancelable)env.Register("Later")).IsCanceled);
        GC.KeepAlive(outer);
    }

    [TestMethod]
    public void RootCursorsKeepTheirPositionBetweenTheEnds()
    {
        var cursor = new CountingCursor(new LocalEnvironment(), rows: 2);
        var positions = new List<long> { cursor.Position };
        while (cursor.MoveNext())
            positions.Add(cursor.Position);
        positions.Add(cursor.Position);

        CollectionAssert.AreEqual(new long[] { -1, 0, 1, -1 }, positions);
        cursor.Dispose();
        cursor.Dispose();
        Assert.IsFalse(cursor.MoveNext());
    }

    // Unknown and All are one value.
    private static string Name(MessageSensitivity sensitivity) => sensitivity == MessageSensitivity.All ? "All" : sensitivity.ToString();

    private sealed class CountingCursor(IHostEnvironment env, int rows) : RootCursorBase(env)
    {
        public override DataViewSchema Schema { get; } = new DataViewSchema.Builder().ToSchema();

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => false;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => throw new NotSupportedException();

        public override ValueGetter<DataViewRowId> GetIdGetter() => throw new NotSupportedException();

        protected override bool MoveNextCore() => rows-- > 0;
    }
}
