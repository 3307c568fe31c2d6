using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>How the pictures became what they are, with a slider over the looks that a record has.</summary>
internal static class ReportFrames
{
    private const int MostFrames = 60;
    private const long MostBytes = 6 << 20;

    private const string Script = """
        <script>
        {
            const frames = [...document.querySelectorAll("#frames img")], slider = document.getElementById("look"), label = document.getElementById("seen"), play = document.getElementById("play");
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

    public static string Section(TrainingRecord record)
    {
        IReadOnlyList<TrainingFrame> frames = Chosen(record.Frames);
        if (frames.Count == 0)
            return "";
        string pictures = string.Join('\n', frames.Select((frame, i) => Picture(frame, hidden: i < frames.Count - 1)));
        string slider = frames.Count == 1 ? "" : $"""
            <div class="look"><button id="play" type="button">Play</button><input id="look" type="range" min="0" max="{frames.Count - 1}" value="{frames.Count - 1}" aria-label="How far trained"></div>

            """ + Script;
        return Html.Section("How they came to be", $"<p class=\"faint\">The same noise, again and again while it trained.</p>\n" +
            $"<figure id=\"frames\">{pictures}\n<figcaption id=\"seen\">{Html.Text(Caption(frames[^1]))}</figcaption></figure>\n{slider}");
    }

    private static string Picture(TrainingFrame frame, bool hidden)
    {
        byte[] png = File.ReadAllBytes(frame.Path);
        using MLImage image = MLImage.CreateFromStream(new MemoryStream(png));
        return Html.Picture(png, image.Width, image.Height, Caption(frame), hidden ? "hidden" : "");
    }

    private static string Caption(TrainingFrame frame) => FormattableString.Invariant($"after {frame.Images:N0} images");

    private static IReadOnlyList<TrainingFrame> Chosen(IReadOnlyList<TrainingFrame> all)
    {
        TrainingFrame[] there = all.Where(frame => File.Exists(frame.Path)).ToArray();
        if (there.Length == 0)
            return [];
        long mean = there.Sum(frame => new FileInfo(frame.Path).Length) / there.Length + 1;
        return EvenChoice.Of(there, (int)Math.Clamp(MostBytes / mean, 2, MostFrames));
    }
}
