using System.Collections;
using System.Xml.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Rendering;

/// <summary>What a notebook finds by its naming convention, and what that shows.</summary>
[TestClass]
public sealed class NotebookDisplayTests
{
    private static readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_grid_is_a_picture()
    {
        var grid = new ImageGrid([Pictures.Image(1, 8, 9)]);
        IReadOnlyDictionary<string, string> shown = Shown(grid, "image/png");
        CollectionAssert.AreEqual(grid.ToPng(), Convert.FromBase64String(shown["image/png"]));
        Assert.AreEqual($"data:image/png;base64,{shown["image/png"]}",
            (string)Parsed(shown["text/html"]).Descendants("img").Single().Attribute("src")!);
    }

    [TestMethod]
    public void A_generated_picture_is_a_picture()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        GeneratedImage image = gan.Generate(1)[0];
        IReadOnlyDictionary<string, string> shown = Shown(image, "image/png");
        CollectionAssert.AreEqual(image.ToPng(), Convert.FromBase64String(shown["image/png"]));
        Assert.AreEqual($"data:image/png;base64,{shown["image/png"]}",
            (string)Parsed(shown["text/html"]).Descendants("img").Single().Attribute("src")!);
    }

    [TestMethod]
    public void An_animation_is_played()
    {
        ImageAnimation animation = Pictures.Animation([Pictures.Image(1, 8, 9), Pictures.Image(2, 8, 9)]);
        IReadOnlyDictionary<string, string> shown = Shown(animation, "image/gif");
        CollectionAssert.AreEqual(animation.ToGif(), Convert.FromBase64String(shown["image/gif"]));
        Assert.AreEqual($"data:image/gif;base64,{shown["image/gif"]}",
            (string)Parsed(shown["text/html"]).Descendants("img").Single().Attribute("src")!);
    }

    [TestMethod]
    public void A_model_says_what_it_is_and_shows_samples()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.OutputColumnName = "<Made>";
        DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 16, 12, 3));
        XElement html = Parsed(Shown(gan, "text/html")["text/html"]);
        StringAssert.Contains(html.Value, "from column 'Noise' (6 numbers) to '<Made>', colour pictures of 12x16 pixels.");
        StringAssert.Contains(html.Value, "Trained on 8 images for 2 of 2 minibatches of 4");
        byte[] png = Convert.FromBase64String(((string)html.Descendants("img").Single().Attribute("src")!).Split(',')[1]);
        CollectionAssert.AreEqual(new ImageGrid(gan.Generate(16)).ToPng(), png);

        // A cell that ends in a model that is no more shows no error.
        gan.Dispose();
        StringAssert.Contains(Parsed(Shown(gan, "text/html")["text/html"]).Value, "It is disposed.");
    }

    [TestMethod]
    public void A_summary_has_its_curves_and_events()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        TrainingSummary summary = gan.Summary with
        {
            Events =
            [new() { Alarm = TrainingAlarm.Collapsed, Step = 1, Images = 4, Action = DcganHealthPolicy.Warn, Message = "a < b" }]
        };
        XElement html = Parsed(Shown(summary, "text/html")["text/html"]);
        StringAssert.Contains(html.Value, "Collapsed after 4 images: a < b");
        Assert.AreEqual(1, html.Descendants().Count(element => element.Name.LocalName == "svg"));

        html = Parsed(Shown(summary with { History = [] }, "text/html")["text/html"]);
        Assert.AreEqual(0, html.Descendants().Count(element => element.Name.LocalName == "svg"));
    }

    [TestMethod]
    public void Metrics_are_a_table()
    {
        IDataView images = Pictures.View(_ml, 10, 16, 12, 3);
        ImageGenerationMetrics metrics = _ml.ImageGeneration().Evaluate(images, images, new ImageGenerationOptions
        {
            RealColumnName = "Pixels",
            GeneratedColumnName = "Pixels",
            Metrics = GenerationMetrics.PrecisionRecall | GenerationMetrics.DensityCoverage,
        });
        XElement html = Parsed(Shown(metrics, "text/html")["text/html"]);
        CollectionAssert.AreEqual(new[] { "precision", "recall", "density", "coverage" },
            html.Descendants("tr").Skip(1).Select(row => row.Elements().First().Value).ToArray());
        Assert.AreEqual(FormattableString.Invariant($"{metrics.Density:G4}"),
            html.Descendants("tr").ElementAt(3).Elements().ElementAt(1).Value);
    }

    private static IReadOnlyDictionary<string, string> Shown(object value, string preferred)
    {
        Attribute source = value.GetType().GetCustomAttributes(false).Cast<Attribute>()
            .Single(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute");
        CollectionAssert.AreEqual(new[] { preferred }, (string[])Get(source, "PreferredMimeTypes"));
        object formatters = Activator.CreateInstance((Type)Get(source, "FormatterSourceType"))!;
        var shown = new Dictionary<string, string>();
        foreach (object formatter in (IEnumerable)formatters.GetType().GetMethod("CreateTypeFormatters")!.Invoke(formatters, null)!)
        {
            using var text = new StringWriter();
            if ((bool)formatter.GetType().GetMethod("Format")!.Invoke(formatter, [value, text])!)
                shown[(string)Get(formatter, "MimeType")] = text.ToString();
            else
                Assert.AreEqual("", text.ToString());
        }
        return shown;
    }

    private static object Get(object instance, string property) => instance.GetType().GetProperty(property)!.GetValue(instance)!;

    // Only what is well-formed can be parsed as XML: no mark-up comes out of text. HTML's images have no end.
    private static XElement Parsed(string html) =>
        XElement.Parse($"<div>{System.Text.RegularExpressions.Regex.Replace(html, "(<img [^>]*)>", "$1/>")}</div>");
}
