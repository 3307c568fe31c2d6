using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tool.Report;

/// <summary>Sections of pictures: how they changed over a training, with a slider, and which real ones they are like.</summary>
internal static class ReportPictures
{
    private const int MostFrames = 60;
    private const long MostBytesOfFrames = 6 << 20;
    private const int Generated = 8;
    private const int Neighbors = 3;

    private const string Script = """
        <script>
        {
            const frames = [...document.querySelectorAll("#frames img")], slider = document.getElementById("look");
            const label = document.getElementById("seen"), play = document.getElementById("play");
            let timer = 0;
            const show = at => {
                frames.forEach((frame, i) => frame.hidden = i !== at);
                slider.value = at;
                slider.setAttribute("aria-valuetext", label.textContent = frames[at].alt);
            };
            const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; };
            slider.oninput = () => { stop(); show(+slider.value); };
            play.onclick = () => {
                if (timer) return stop();
                let at = +slider.value === frames.length - 1 ? -1 : +slider.value;
                play.textContent = "Stop";
                timer = setInterval(() => { show(++at); if (at === frames.length - 1) stop(); }, 200);
            };
        }
        </script>
        """;

    /// <summary>The samples of a record, some of them where they are many; empty where there are none.</summary>
    public static string OverTraining(TrainingRecord record)
    {
        TrainingFrame[] frames = Chosen([.. record.Frames.Where(frame => File.Exists(frame.Path))]);
        if (frames.Length == 0)
            return "";
        string pictures = string.Join('\n', frames.Select((frame, i) => Picture(frame, i < frames.Length - 1 ? "hidden" : "")));
        string slider = frames.Length == 1 ? "" : $"""
            <div class="look"><button id="play" type="button">Play</button>
            <input id="look" type="range" min="0" max="{frames.Length - 1}" value="{frames.Length - 1}" aria-label="How far trained"></div>

            """ + Script;
        return ReportPage.Section("How they came to be", "<p class=\"faint\">The same noise, again and again while it trained.</p>\n" +
            $"<figure id=\"frames\">{pictures}\n<figcaption id=\"seen\">{Caption(frames[^1])}</figcaption></figure>\n{slider}");
    }

    /// <summary>A few generated pictures, each with the real ones that are nearest, pixel by pixel.</summary>
    public static string Nearest(DcganTransformer gan, IReadOnlyList<Picture> real, string background)
    {
        var ml = new MLContext();
        IDataView View(IReadOnlyList<Picture> some) =>
            PictureView.Of(ml, some, gan.ImageWidth, gan.ImageHeight, gan.Channels, background);
        IDataView generated = gan.Transform(gan.SampleNoise(Generated));
        IReadOnlyList<NearestImages> nearest = ml.ImageGeneration().FindNearest(View(real), generated,
            PictureView.ColumnName, gan.OutputColumnName, count: Math.Min(Neighbors, real.Count));
        IEnumerable<string> rows = generated.GetColumn<MLImage>(gan.OutputColumnName).Zip(nearest, (image, found) =>
        {
            Picture[] files = [.. found.Neighbors.Select(neighbor => real[(int)neighbor.TrainingRow])];
            var grid = new ImageGrid(View(files).GetColumn<MLImage>(PictureView.ColumnName).Prepend(image), files.Length + 1);
            string names = string.Join(", ", found.Neighbors.Zip(files, (neighbor, file) =>
                FormattableString.Invariant($"{Path.GetFileName(file.Path)} ({neighbor.Distance:G3})")));
            string picture = ReportPage.Picture(grid, "A generated picture and the nearest real ones");
            return $"<figure>{picture}<figcaption>{ReportPage.Text(names)}</figcaption></figure>";
        });
        return ReportPage.Section("Nearest real pictures",
            "<p class=\"faint\">Each generated picture, and right of it the real ones that differ least from it, pixel by pixel: " +
            "below are their files, and how much they differ. Pictures learned by heart would be the same.</p>\n" +
            $"<div class=\"neighbours\">{string.Join('\n', rows)}</div>");
    }

    private static TrainingFrame[] Chosen(TrainingFrame[] all)
    {
        if (all.Length == 0)
            return all;
        long mean = all.Sum(frame => new FileInfo(frame.Path).Length) / all.Length + 1;
        int most = (int)Math.Clamp(MostBytesOfFrames / mean, 2, MostFrames);
        return all.Length <= most ? all : [.. Enumerable.Range(0, most).Select(i => all[i * (all.Length - 1) / (most - 1)])];
    }

    private static string Picture(TrainingFrame frame, string attributes)
    {
        byte[] png = File.ReadAllBytes(frame.Path);
        using MLImage image = MLImage.CreateFromStream(new MemoryStream(png));
        return ReportPage.Picture(png, image.Width, image.Height, Caption(frame), attributes);
    }

    private static string Caption(TrainingFrame frame) => string.Create(CultureInfo.InvariantCulture, $"after {frame.Images:N0} images");
}
