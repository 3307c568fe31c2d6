using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microsoft.ML.Dcgan.Tool.Output;

/// <summary>How far a job is.</summary>
/// <param name="What">What it is doing.</param>
/// <param name="Fraction">How much of it is done, 0 to 1; null where that is not known.</param>
/// <param name="Figures">What it measured, if anything.</param>
/// <param name="Left">How long it will take from here on, where that is known.</param>
/// <param name="Curves">How its figures went, a line.</param>
/// <param name="Pictures">What it made last.</param>
internal sealed record JobProgress(string What, double? Fraction, string Figures = "", TimeSpan? Left = null, string Curves = "",
    IReadOnlyList<GeneratedImage>? Pictures = null)
{
    public string Details => Left is { } left ? $"{Figures}, {Duration.Text(left)} left" : Figures;
}

/// <summary>Shows how far a job is: live on a terminal, by a line now and then where output goes elsewhere.</summary>
internal sealed class LongJob(CommandOutput output)
{
    private static readonly TimeSpan _betweenLines = TimeSpan.FromSeconds(5);

    // What is written costs the terminal's program time, too.
    private static readonly TimeSpan _betweenFrames = TimeSpan.FromMilliseconds(400);

    // Of the terminal: the bar, with what is free around it, and some of what was there before.
    private const int OtherRows = 6;
    private const int LeastRows = 6;
    private const int MostRows = 16;

    // Asked once, if there is something to draw.
    private static readonly Lazy<SixelCells?> _sixels = new(SixelCells.Ask);

    public T Run<T>(string what, Func<Action<JobProgress>, T> job)
    {
        if (!ReferenceEquals(output.Errors, Console.Error) || Console.IsErrorRedirected)
            return RunPlain(job);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities.Ansi ? RunLive(console, what, job) : RunPlain(job);
    }

    private T RunLive<T>(IAnsiConsole console, string what, Func<Action<JobProgress>, T> job)
    {
        var now = new JobProgress(what, 0);
        Progress live = console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = BarWidth(console) },
            new ShareColumn(), new ElapsedTimeColumn());
        live.RefreshRate = _betweenFrames;
        try
        {
            return live.UseRenderHook((bar, _) => Frame(console, bar, now, () => _sixels.Value)).Start(context =>
            {
                output.AboveBar = text => console.WriteLine(text);
                ProgressTask task = context.AddTask(Markup.Escape(what), maxValue: 1);
                T result = job(progress =>
                {
                    task.Description = Markup.Escape(progress.What);
                    task.IsIndeterminate = progress.Fraction == null;
                    task.Value = progress.Fraction ?? 0;
                    now = progress;
                });
                task.StopTask();
                return result;
            });
        }
        finally
        {
            output.AboveBar = null;
        }
    }

    /// <summary>The bar with what is known below it.</summary>
    internal static IRenderable Frame(IAnsiConsole console, IRenderable bar, JobProgress now, Func<SixelCells?> sixels)
    {
        string[] texts = [.. new[] { now.Details, now.Curves }.Where(text => text.Length > 0)];
        var lines = new List<IRenderable> { bar };
        lines.AddRange(texts.Select(text => new Text(text, new Style(Color.Grey))));
        // What does not fit the terminal's height would push the bar out.
        int free = console.Profile.Height - OtherRows - texts.Sum(text => (text.Length / console.Profile.Width) + 1);
        if (now.Pictures is { Count: > 0 } && free >= LeastRows
            && console.Profile.Capabilities is { Unicode: true, ColorSystem: >= ColorSystem.EightBit })
        {
            int rows = Math.Min(free, MostRows);
            lines.Add(sixels() is { } cells && new SixelPictures(now.Pictures, rows, cells) is { Fits: true } sharp ? sharp
                : new TerminalPictures(now.Pictures, rows));
        }
        return new Rows(lines);
    }

    // What is left of the line beside the other columns.
    private static int BarWidth(IAnsiConsole console) => Math.Clamp(console.Profile.Width - 40, 5, 40);

    private T RunPlain<T>(Func<Action<JobProgress>, T> job)
    {
        var gate = new Lock();
        var clock = Stopwatch.StartNew();
        TimeSpan next = _betweenLines;
        return job(progress =>
        {
            lock (gate)
            {
                if (clock.Elapsed < next)
                    return;
                next = clock.Elapsed + _betweenLines;
            }
            string details = progress.Details.Length > 0 ? $": {progress.Details}" : "";
            string share = progress.Fraction is double fraction ? string.Create(CultureInfo.InvariantCulture, $" {100 * fraction:0}%") : "";
            output.Note($"{progress.What}{share}{details}");
        });
    }
}

/// <summary>How much is done, where that is known.</summary>
internal sealed class ShareColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.IsIndeterminate ? "" : string.Create(CultureInfo.InvariantCulture, $"{task.Percentage,3:0}%"));
}
