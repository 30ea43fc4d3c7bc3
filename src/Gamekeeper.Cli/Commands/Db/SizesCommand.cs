using System.CommandLine;
using System.Globalization;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Output;
using Gamekeeper.Operations.Monitoring;

namespace Gamekeeper.Cli.Commands.Db;

/// <summary><c>db sizes</c>: what every table takes.</summary>
internal static class SizesCommand
{
    private static readonly Option<bool> Partitions = new("--partitions") { Description = "List partitions under their table; JSON always has them." };

    public static Command Create()
    {
        var command = new Command("sizes", "What every table takes, largest first: heap, indexes, TOAST; rows, dead rows, last vacuum and analyze.") { Partitions };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var tables = await gamekeeper.Get<GetTableSizes>().RunAsync(cancellationToken);
        var withPartitions = arguments.GetValue(Partitions);
        invocation.Terminal.Answer(
            tables,
            terminal =>
            {
                terminal.Table(
                [
                    ["table", "total", "heap", "index", "toast", "rows", "dead", "last vacuum", "last analyze"],
                    .. tables.SelectMany(t => withPartitions ? [Row(t, $"{t.Schema}.{t.Table}"), .. t.Partitions.Select(p => Row(p, $"  {p.Table}"))] : new[] { Row(t, $"{t.Schema}.{t.Table}") }),
                ]);
                terminal.Write($"{tables.Count} tables, {Bytes.Show(tables.Sum(t => t.Total))} in all.");
            });
        return ExitCodes.Ok;
    }

    private static string[] Row(TableSize t, string name) =>
    [
        name, Bytes.Show(t.Total), Bytes.Show(t.Heap), Bytes.Show(t.Index), Bytes.Show(t.Toast), t.Rows.ToString(CultureInfo.InvariantCulture),
        t.DeadShare.ToString("0.0%", CultureInfo.InvariantCulture), When(t.LastVacuum), When(t.LastAnalyze),
    ];

    private static string When(DateTimeOffset? time) => time is { } at ? $"{at:u}" : "never";
}
