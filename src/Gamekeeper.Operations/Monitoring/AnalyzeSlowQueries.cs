using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Operations.Monitoring;

/// <summary>
/// Lists the statements of this database whose mean time is above <see cref="MonitoringOptions.SlowMean"/>. Where PostgreSQL does not
/// measure, this process does, and the answer says so. Reads only; safe to repeat.
/// </summary>
public sealed class AnalyzeSlowQueries(GameDatabase database, IOptions<MonitoringOptions> options)
{
    /// <summary>Longest answer.</summary>
    public const int Most = 20;

    /// <summary>The slowest statements, slowest first.</summary>
    public async Task<SlowQueries> RunAsync(CancellationToken cancellationToken = default)
    {
        var state = await database.FirstAsync(new ReadStatementStatistics(), cancellationToken);
        if (state!.Problem is { } problem)
            return OfThisProcess(problem);
        IReadOnlyList<CountedStatement> rows;
        try
        {
            rows = await database.ListAsync(new ReadSlowStatements(options.Value.SlowMean.TotalMilliseconds, Most), cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return OfThisProcess($"PostgreSQL refused to tell (SQLSTATE {failure.SqlState}): update the extension (alter extension pg_stat_statements update) and provision the database again.");
        }
        return new(SlowQuerySource.Server, null, rows.Count > 0 ? rows[0].Since : null, [.. rows.Select(r => r.Statement)]);
    }

    private SlowQueries OfThisProcess(string problem) =>
        new(
            SlowQuerySource.Process,
            $"{problem} Until then these are the measurements of this process alone, without rows.",
            database.TimedSince,
            [
                .. database
                    .Timings()
                    .Where(t => t.Mean > options.Value.SlowMean)
                    .Take(Most)
                    .Select(t => new SlowQuery(t.Statement, t.Calls, Rounded(t.Total), Rounded(t.Mean), null)),
            ]
        );

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
