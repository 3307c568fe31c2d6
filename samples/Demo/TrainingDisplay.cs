using System;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>Shows a long job: a live bar on a terminal, a line now and then where output goes to a file.</summary>
internal sealed class TrainingDisplay(IAnsiConsole console)
{
    private static readonly TimeSpan _betweenLines = TimeSpan.FromSeconds(5);

    private double? _distance;

    private bool IsLive => console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal;

    /// <summary>Runs a job that reports how much of it is done.</summary>
    public T Count<T>(string what, Func<Action<int, int>, T> job) =>
        Run(what, report => job((done, all) => report((double)done / all, "", null)));

    /// <summary>Runs a training that reports its figures.</summary>
    public T Train<T>(Func<Action<TrainingProgress>, T> job) =>
        Run("training", report => job(progress => report(Fraction(progress), Figures(progress), progress.TimeLeft)));

    private T Run<T>(string what, Func<Action<double, string, TimeSpan?>, T> job) => IsLive ? RunLive(what, job) : RunPlain(what, job);

    private T RunLive<T>(string what, Func<Action<double, string, TimeSpan?>, T> job)
    {
        string figures = "";
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .UseRenderHook((bar, _) => figures.Length > 0 ? new Rows(bar, new Text(figures, new Style(Color.Grey))) : bar)
            .Start(context =>
            {
                ProgressTask task = context.AddTask(what, maxValue: 1);
                T result = job((fraction, text, left) =>
                {
                    task.Value = fraction;
                    figures = left == null ? text : $"{text}, {Time(left.Value)} left";
                });
                task.StopTask();
                return result;
            });
    }

    private T RunPlain<T>(string what, Func<Action<double, string, TimeSpan?>, T> job)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan next = _betweenLines;
        return job((fraction, text, left) =>
        {
            if (clock.Elapsed < next && fraction < 1)
                return;
            next = clock.Elapsed + _betweenLines;
            string rest = (text.Length > 0 ? ": " + text : "") + (left is { } time ? $", {Time(time)} left" : "");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {100 * fraction:0}%{rest}"));
        });
    }

    private static double Fraction(TrainingProgress progress) => (double)progress.Step / progress.Steps;

    private string Figures(TrainingProgress progress)
    {
        _distance = progress.FrechetDistance ?? _distance;
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {progress.Epoch}/{progress.Epochs}, loss D {progress.DiscriminatorLoss:0.000} G {progress.GeneratorLoss:0.000}, D(x) {progress.RealScore:0.00}, D(G(z)) {progress.GeneratedScoreBefore:0.00}/{progress.GeneratedScoreAfter:0.00}, {progress.ImagesPerSecond:0} images/s{(_distance is double distance ? $", Fréchet distance {distance:0.00}" : "")}");
    }

    private static string Time(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
