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
internal sealed record JobProgress(string What, double? Fraction, string Figures = "", TimeSpan? Left = null)
{
    public string Details => Left is { } left ? $"{Figures}, {Duration.Text(left)} left" : Figures;
}

/// <summary>Shows how far a job is: a live bar on a terminal, a line now and then where output goes elsewhere.</summary>
internal sealed class LongJob(CommandOutput output)
{
    private static readonly TimeSpan _betweenLines = TimeSpan.FromSeconds(5);

    public T Run<T>(string what, Func<Action<JobProgress>, T> job) =>
        ReferenceEquals(output.Errors, Console.Error) && !Console.IsErrorRedirected ? RunLive(what, job) : RunPlain(job);

    private T RunLive<T>(string what, Func<Action<JobProgress>, T> job)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        string details = "";
        try
        {
            return console.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = BarWidth(console) }, new PercentageColumn(),
                    new ElapsedTimeColumn())
                .UseRenderHook((bar, _) => details.Length > 0 ? new Rows(bar, new Text(details, new Style(Color.Grey))) : bar)
                .Start(context =>
                {
                    output.AboveBar = text => console.WriteLine(text);
                    ProgressTask task = context.AddTask(Markup.Escape(what), maxValue: 1);
                    T result = job(progress =>
                    {
                        task.Description = Markup.Escape(progress.What);
                        task.IsIndeterminate = progress.Fraction == null;
                        task.Value = progress.Fraction ?? 0;
                        details = progress.Details;
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
