using Microsoft.ML.Dcgan.Tests.Browser;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>The web service's page, in a browser.</summary>
[TestClass]
public sealed class PageTests
{
    private const string Picture = "document.getElementById('picture').toDataURL()";

    [TestMethod]
    public async Task The_picture_moves_as_a_slider_is_dragged()
    {
        var ml = new MLContext(seed: 1);
        string model = Path.GetTempFileName();
        try
        {
            using (DcganTransformer gan = Pictures.SmallModel(ml))
                ml.Model.Save(gan, gan.SampleNoise(1).Schema, model);
            using RunningService service = await RunningService.Start("--model", model);
            await using HeadlessBrowser browser = await HeadlessBrowser.Start();
            await browser.SetViewport(1200, 800);
            await browser.Open(service.Address.AbsoluteUri);
            await browser.Until("document.getElementById('picture').dataset.shown > 0");
            Assert.AreEqual((12, 16), (await browser.Evaluate<int>("document.getElementById('picture').width"),
                await browser.Evaluate<int>("document.getElementById('picture').height")));

            string before = await browser.Evaluate<string>(Picture);
            double[] place = await browser.Evaluate<double[]>(
                "(box => [box.left, box.top, box.width, box.height])(document.querySelector('input[type=range]').getBoundingClientRect())");
            var seen = new List<string> { before };
            await browser.Drag([.. Enumerable.Range(0, 6).Select(i => (place[0] + place[2] * (0.5 + 0.08 * i), place[1] + place[3] / 2))],
                async _ =>
            {
                await browser.Until($"!working && {Picture} !== '{seen[^1]}'");
                seen.Add(await browser.Evaluate<string>(Picture));
            });
            Assert.AreEqual(6, seen.Distinct().Count(), "a picture for each position");
            Assert.IsTrue(await browser.Evaluate<double>("document.querySelector('input[type=range]').value * 1") > 3);

            // Many positions at once: the last one is shown, and few of the others are asked for.
            int requests = browser.Requests.Count;
            await browser.Evaluate<bool>("(() => { const slider = document.querySelector('input[type=range]'); for (let i = 0; i <= 100; i++) { slider.value = i / 20 - 5; slider.dispatchEvent(new Event('input')); } return true; })()");
            await browser.Until("!working");
            StringAssert.Contains(browser.Requests[^1], "moves=0%2C0");
            Assert.IsTrue(browser.Requests.Count - requests < 10, $"{browser.Requests.Count - requests} requests");

            await browser.Evaluate<bool>("document.getElementById('reset').click() ?? true");
            await browser.Until($"!working && {Picture} === '{before}'");
            await browser.SetViewport(390, 844, mobile: true, dark: true);
            Assert.IsTrue(await browser.Evaluate<bool>("document.documentElement.scrollWidth <= innerWidth"), "it fits a phone");
            Assert.IsEmpty(browser.Errors);
            Assert.IsTrue(browser.Requests.All(address => address.StartsWith(service.Address.AbsoluteUri, StringComparison.Ordinal)
                || address.StartsWith("data:", StringComparison.Ordinal)),
                string.Join(", ", browser.Requests));
        }
        finally
        {
            File.Delete(model);
        }
    }
}
