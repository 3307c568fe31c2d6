using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>Nobody gets another's picture, whatever shares a minibatch.</summary>
[TestClass]
public sealed class IsolationTests
{
    private const int Clients = 60;

    // In levels of 256, where a picture in another minibatch differs from itself by one.
    private const int FarApart = 4;

    [TestMethod]
    public async Task Each_of_many_clients_gets_the_picture_that_it_gets_alone()
    {
        await using HostedService service = HostedService.Start("--batch", "7");
        byte[][] alone = new byte[Clients][];
        for (int seed = 0; seed < Clients; seed++)
            alone[seed] = await Picture(service, seed);
        Assert.IsGreaterThan(FarApart, alone.SelectMany((left, seed) => alone.Take(seed).Select(right => Largest(left, right))).Min());
        Assert.IsTrue(service.Batches.All(count => count == 1));

        for (int round = 0; round < 5; round++)
        {
            // All wait together, so that minibatches are as full as may be.
            Task<HttpResponseMessage> first = await service.Occupy("image");
            Task<byte[]>[] waiting = [.. Enumerable.Range(0, Clients).Select(seed => Picture(service, seed))];
            await service.Waits(Clients);
            service.Open();
            (await first).Dispose();
            for (int seed = 0; seed < Clients; seed++)
                CheckAlike(alone[seed], await waiting[seed]);
            await service.Idle();
        }
        Assert.AreEqual(7, service.Batches.Max());
    }

    private static async Task<byte[]> Picture(HostedService service, int seed) =>
        Decoded.Png(await service.Client.GetByteArrayAsync($"image?seed={seed}"));

    private static int Largest(byte[] left, byte[] right) => left.Zip(right, (a, b) => Math.Abs(a - b)).Max();
}
