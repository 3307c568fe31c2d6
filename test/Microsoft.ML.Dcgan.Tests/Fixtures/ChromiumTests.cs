namespace Microsoft.ML.Dcgan.Tests;

/// <summary>What other tests rely on when they look at a page: that what is wrong with it is noticed.</summary>
[TestClass]
public sealed class ChromiumTests
{
    private const string Faulty = """
        <!DOCTYPE html><html lang="en"><title>Page</title>
        <main><h1>Page</h1><img src="https://example.com/far.png" alt="far"><input style="height: 30px"><button style="width: 20px; height: 20px">a</button></main>
        <script>console.error("said"); nothing();</script>
        """;

    [TestMethod]
    public async Task Errors_requests_and_barriers_are_noticed()
    {
        await using ChromiumPage browser = await Chromium.Open();
        await browser.Page.SetContentAsync(Faulty);
        foreach (string error in new[] { "said", "nothing is not defined", "ERR_NAME_NOT_RESOLVED" })
            Assert.IsTrue(browser.Errors.Any(message => message.Contains(error)), $"{error}: {string.Join("; ", browser.Errors)}");
        CollectionAssert.Contains(browser.Requests, "https://example.com/far.png");

        StringAssert.Contains(await Barrier(browser), "20px");
        await browser.Page.EvaluateAsync("document.querySelector('button').style = 'width: 2000px; height: 40px'");
        StringAssert.Contains(await Barrier(browser), "it scrolls sideways");
        await browser.Page.EvaluateAsync("document.querySelector('button').style = 'width: 40px; height: 40px'");
        StringAssert.Contains(await Barrier(browser), "label: Form elements must have labels");
        await browser.Page.EvaluateAsync("document.querySelector('input').ariaLabel = 'Name'");
        await browser.CheckAccessibility(passes: 5);
    }

    private static async Task<string> Barrier(ChromiumPage browser) =>
        (await Assert.ThrowsAsync<AssertFailedException>(() => browser.CheckAccessibility(passes: 5))).Message;
}
