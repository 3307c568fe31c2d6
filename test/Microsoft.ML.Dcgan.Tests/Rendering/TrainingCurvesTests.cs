using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.Dcgan.Pictures;

namespace Microsoft.ML.Dcgan.Tests.Rendering;

[TestClass]
public sealed class TrainingCurvesTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    [TestMethod]
    public void Lines_are_where_the_numbers_are()
    {
        // A loss that falls in a straight line from 2 to 1, over 100 to 1,000 images.
        var curves = new TrainingCurves(Enumerable.Range(1, 10).Select(i => Report(100 * i) with { DiscriminatorLoss = 2 - (i - 1) / 9.0 })
            .ToArray());
        XElement chart = Charts(curves)[0];
        (double X, double Y)[] points = Points(chart, 0);

        Assert.AreEqual(10, points.Length);
        (double right, double zero, double two) = (XOf(chart, "1000"), YOf(chart, "0"), YOf(chart, "2"));
        double left = XOf(chart, "0");
        for (int i = 0; i < 10; i++)
        {
            Assert.AreEqual(left + (right - left) * (i + 1) / 10, points[i].X, 0.11);
            Assert.AreEqual(zero + (two - zero) * (2 - i / 9.0) / 2, points[i].Y, 0.11);
        }
    }

    [TestMethod]
    public void What_was_not_measured_has_no_chart()
    {
        TrainingProgress[] history = Enumerable.Range(1, 5).Select(i => Report(100 * i)).ToArray();
        Assert.AreEqual(2, Charts(new TrainingCurves(history)).Length);
        history[2] = history[2] with { Diversity = 0.5, FrechetDistance = double.NaN };
        Assert.AreEqual(3, Charts(new TrainingCurves(history)).Length);
        history[3] = history[3] with { FrechetDistance = 7 };
        Assert.AreEqual(4, Charts(new TrainingCurves(history)).Length);
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new TrainingCurves([])).Message,
            "There are no reports of a training to draw.");
    }

    [TestMethod]
    public void What_went_wrong_is_marked_and_its_text_escaped()
    {
        TrainingEvent alarm = new()
        {
            Alarm = TrainingAlarm.Collapsed,
            Step = 30,
            Images = 300,
            Action = DcganHealthPolicy.RollBack,
            Message = "Of <all> & \"none\""
        };
        XElement chart = Charts(new TrainingCurves(Enumerable.Range(1, 10).Select(i => Report(100 * i)).ToArray(), [alarm]))[0];
        XElement mark = chart.Elements(_svg + "g").Single();
        Assert.AreEqual("Collapsed (RollBack): Of <all> & \"none\"", mark.Element(_svg + "title")!.Value);
        double left = XOf(chart, "0"), right = XOf(chart, "1000");
        Assert.AreEqual(left + 0.3 * (right - left), Number(mark.Element(_svg + "line")!, "x1"), 0.11);
    }

    [TestMethod]
    public void A_spike_does_not_press_the_rest_flat()
    {
        TrainingProgress[] history = Enumerable.Range(1, 200)
            .Select(i => Report(i) with { GeneratorLoss = i == 3 ? 1e6 : 2, DiscriminatorLoss = 1 }).ToArray();
        XElement chart = Charts(new TrainingCurves(history))[0];
        Assert.IsTrue(Points(chart, 1)[100].Y < Points(chart, 0)[100].Y - 40);
        Assert.IsTrue(Points(chart, 1).All(point => point.Y > 0));
    }

    [TestMethod]
    public void Long_trainings_have_as_many_points_as_pixels() =>
        Assert.IsTrue(Points(Charts(new TrainingCurves(Enumerable.Range(1, 100_000).Select(i => Report(i)).ToArray()))[0],
            0).Length is > 300 and <= 600);

    [TestMethod]
    [DataRow(0.0, 1.0, "0 0.2 0.4 0.6 0.8 1")]
    [DataRow(0.0, 64_000.0, "0 20k 40k 60k 80k")]
    [DataRow(0.0, 2_500_000.0, "0 500k 1M 1.5M 2M 2.5M")]
    [DataRow(-3.0, 4.0, "-4 -2 0 2 4")]
    [DataRow(0.0, 0.00012, "0 5E-5 1E-4 1.5E-4")]
    [DataRow(5.0, 5.0, "5 5.2 5.4 5.6 5.8 6")]
    public void Axes_have_round_numbers(double low, double high, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', new Ticks(low, high).Values.Select(Ticks.Text)));

    [TestMethod]
    public async Task It_is_a_picture_in_light_and_dark()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".svg");
        try
        {
            TrainingProgress[] history = Enumerable.Range(1, 80).Select(i => Report(500 * i) with
            {
                DiscriminatorLoss = 1.2 + Math.Sin(i) / 8,
                GeneratorLoss = 1 + 9.0 / i + Math.Cos(i) / 5,
                RealScore = 0.6 + Math.Sin(i) / 12,
                GeneratedScoreBefore = 0.4 + Math.Sin(i) / 12,
                GeneratedScoreAfter = 0.3 + Math.Sin(i) / 12,
                Diversity = i % 8 == 0 ? 0.9 - 3.0 / i : null,
                FrechetDistance = i % 16 == 0 ? 300.0 / i : null,
            }).ToArray();
            TrainingEvent alarm = new()
            {
                Alarm = TrainingAlarm.DiscriminatorWins,
                Step = 30,
                Images = 15_000,
                Action = DcganHealthPolicy.Warn,
                Message = ""
            };
            new TrainingCurves(history, [alarm]).Save(path);
            foreach (bool dark in new[] { false, true })
            {
                await using ChromiumPage browser = await Chromium.Open(480, 4 * SvgChart.Height, dark: dark);
                await browser.OpenFile(path);
                Assert.AreEqual(dark ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)",
                    await browser.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.paper')).fill"));

                // No text runs out of the picture or over another.
                Assert.AreEqual("", await browser.Page.EvaluateAsync<string>("""
                    [...document.querySelectorAll('text')].map(t => [t, t.getBoundingClientRect()]).filter(([t, a], i, all) => a.left < 0 || a.right > 480 ||
                        all.some(([u, b], j) => j > i && a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)).map(([t]) => t.textContent).join()
                    """));
                Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
                await browser.Keep($"curves{(dark ? "-dark" : "")}.png");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static XElement[] Charts(TrainingCurves curves) => XDocument.Parse(curves.ToSvg()).Root!.Elements(_svg + "g").ToArray();

    private static (double X, double Y)[] Points(XElement chart, int line) =>
        chart.Elements(_svg + "polyline").Single(shape => (string)shape.Attribute("class")! == $"line line{line}")
        .Attribute("points")!.Value.Split(' ')
            .Select(point => point.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())
            .Select(pair => (pair[0], pair[1])).ToArray();

    private static double XOf(XElement chart, string label) =>
        Number(chart.Elements(_svg + "text").Single(text => text.Value == label && (string?)text.Attribute("text-anchor") == "middle"),
        "x");

    // A vertical axis' label is a little below its line.
    private static double YOf(XElement chart, string label) =>
        Number(chart.Elements(_svg + "text").Single(text => text.Value == label && (string?)text.Attribute("text-anchor") == "end"),
        "y") - 4;

    private static double Number(XElement shape, string attribute) =>
        double.Parse(shape.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static TrainingProgress Report(long images) => new()
    {
        Epoch = 1,
        Epochs = 1,
        Step = Math.Max(1, images / 10),
        Steps = 1,
        Images = images,
        DiscriminatorLoss = 1,
        GeneratorLoss = 1,
        RealScore = 0.5,
        GeneratedScoreBefore = 0.5,
        GeneratedScoreAfter = 0.5,
        ImagesPerSecond = 1,
        Elapsed = TimeSpan.Zero,
        TimeLeft = TimeSpan.Zero,
    };
}
