using System.CommandLine;
using System.Globalization;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Operations.Monitoring;

namespace Gamekeeper.Cli.Commands.Db;

/// <summary><c>db slow</c>: the statements that take long on average.</summary>
internal static class SlowCommand
{
    public static Command Create()
    {
        var command = new Command("slow", "Statements whose mean time is above the limit (100 ms), slowest first, at most 20. Exit code 3 when PostgreSQL does not measure.");
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var slow = await gamekeeper.Get<AnalyzeSlowQueries>().RunAsync(cancellationToken);
        invocation.Terminal.Answer(
            slow,
            terminal =>
            {
                if (slow.Items.Count > 0)
                    terminal.Table([["mean ms", "calls", "total ms", "rows", "query"], .. slow.Items.Select(Row)]);
                else if (slow.Note is null)
                    terminal.Write($"No statement is slow{(slow.Since is { } since ? $" since {since:u}" : "")}.");
            });
        if (slow.Note is null)
            return ExitCodes.Ok;
        // A command that has just begun has measured nothing worth telling; a server has.
        invocation.Terminal.Say($"{slow.Note} A running server tells its own at /v1/ops/database/slow-queries.");
        return ExitCodes.Unavailable;
    }

    private static string[] Row(SlowQuery q) =>
        [Number(q.MeanTime), q.Calls.ToString(CultureInfo.InvariantCulture), Number(q.TotalTime), q.Rows?.ToString(CultureInfo.InvariantCulture) ?? "?", q.Query];

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
