using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Browser;

/// <summary>What other tests rely on when they look at a page.</summary>
[TestClass]
public sealed class HeadlessBrowserTests
{
    private const string Page = """
        <!DOCTYPE html><title>Page</title>
        <style>body { margin: 0; background: rgb(10, 20, 30) } @media (prefers-color-scheme: dark) { body { background: rgb(1, 2, 3) } }</style>
        <div style="width: 500px">wide</div><img src="missing.png"><img src="https://example.com/far.png">
        <script>console.error("said"); setTimeout(() => { window.late = true; }, 200); nothing();</script>
        """;

    [TestMethod]
    public async Task A_page_is_opened_measured_asked_and_pictured()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string path = Path.Combine(folder.FullName, "a page.html");
            File.WriteAllText(path, Page);
            await using HeadlessBrowser browser = await HeadlessBrowser.Start();
            await browser.SetViewport(390, 200, mobile: false, dark: true);
            await browser.OpenFile(path);

            Assert.AreEqual("Page", await browser.Evaluate<string>("document.title"));
            Assert.IsTrue(await browser.Evaluate<bool>("document.documentElement.scrollWidth > innerWidth"), "500 pixels in 390");
            Assert.AreEqual(3, await browser.Evaluate<int>("Promise.resolve(3)"));
            StringAssert.Contains((await Assert.ThrowsAsync<InvalidOperationException>(() => browser.Evaluate<int>("nonsense()"))).Message,
                "nonsense is not defined");
            await browser.Until("window.late");
            using MLImage dark = MLImage.CreateFromStream(new MemoryStream(await browser.Screenshot()));
            Assert.AreEqual((390, 200), (dark.Width, dark.Height));
            CollectionAssert.AreEqual(new byte[] { 3, 2, 1 }, dark.GetBGRPixels[^3..]);
            await browser.SetViewport(600, 100);
            using MLImage light = MLImage.CreateFromStream(new MemoryStream(await browser.Screenshot()));
            CollectionAssert.AreEqual(new byte[] { 30, 20, 10 }, light.GetBGRPixels[^3..]);

            Assert.IsTrue(browser.Requests.Any(address => address.EndsWith("/a%20page.html")), string.Join(", ", browser.Requests));
            CollectionAssert.Contains(browser.Requests.ToArray(), "https://example.com/far.png");
            foreach (string error in new[] { "said", "nothing is not defined", "ERR_FILE_NOT_FOUND", "ERR_NAME_NOT_RESOLVED" })
                Assert.IsTrue(browser.Errors.Any(message => message.Contains(error)), $"{error}: {string.Join("; ", browser.Errors)}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
