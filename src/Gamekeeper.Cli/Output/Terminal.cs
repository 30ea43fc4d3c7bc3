using System.Text.Json;
using Gamekeeper.Cli.Home;
using Spectre.Console;

namespace Gamekeeper.Cli.Output;

/// <summary>How answers are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: one JSON document on standard output.</summary>
    Json,
}

/// <summary>Data goes to standard output, talk to standard error, so that a pipe carries the answer alone.</summary>
internal sealed class Terminal(TextWriter data, TextWriter talk, OutputFormat format, bool interactive)
{
    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess(OutputFormat format) => new(Console.Out, Console.Error, format, !Console.IsErrorRedirected);

    public OutputFormat Format { get; } = format;

    public bool IsJson => Format == OutputFormat.Json;

    /// <summary>Something the person should know; never part of the answer.</summary>
    public void Say(string line) => talk.WriteLine(line);

    /// <summary>The answer, for people.</summary>
    public void Write(string line) => data.WriteLine(line);

    /// <summary>The answer, in the form that was asked for.</summary>
    public void Answer<T>(T answer, Action<Terminal> asText)
    {
        if (IsJson)
            data.WriteLine(JsonSerializer.Serialize(answer, Json.Options));
        else
            asText(this);
    }

    /// <summary>Columns as wide as their widest cell; the first row is the heading.</summary>
    public void Table(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            data.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Long work in steps: bars where someone watches, plain lines where a log is written.</summary>
    public async Task WithStepsAsync(Func<IStepReport, Task> work)
    {
        if (!interactive)
        {
            await work(new PlainSteps(talk));
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(talk) });
        await console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new BarSteps(context, console)));
    }
}
