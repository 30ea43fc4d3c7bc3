using System.CommandLine;
using System.Globalization;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Operations.Monitoring;

namespace Gamekeeper.Cli.Commands.Db;

/// <summary><c>db columns</c>: what the planner believes about columns.</summary>
internal static class ColumnsCommand
{
    private static readonly Argument<string?> Table = new("table") { Description = "One table only, as schema.table.", Arity = ArgumentArity.ZeroOrOne };

    public static Command Create()
    {
        var command = new Command("columns", "What the planner believes about every column: distinct values, nulls, correlation, width. No values.") { Table };
        command.SetAction(Invocation.Of(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var report = await gamekeeper.Get<GetColumnStatistics>().RunAsync(arguments.GetValue(Table), cancellationToken);
        invocation.Terminal.Answer(
            report,
            terminal =>
            {
                if (report.Items.Count > 0)
                    terminal.Table([["column", "distinct", "nulls", "correlation", "width"], .. report.Items.Select(Row)]);
            });
        if (report.Unknown.Count > 0)
            invocation.Terminal.Say($"Without statistics, because never analysed or hidden by row security: {string.Join(", ", report.Unknown)}.");
        return ExitCodes.Ok;
    }

    private static string[] Row(ColumnStatistics c) =>
    [
        $"{c.Schema}.{c.Table}.{c.Column}", c.DistinctValues?.ToString(CultureInfo.InvariantCulture) ?? "?", c.NullFraction.ToString("0.0%", CultureInfo.InvariantCulture),
        c.Correlation?.ToString("0.00", CultureInfo.InvariantCulture) ?? "", c.AverageWidth.ToString(CultureInfo.InvariantCulture),
    ];
}
