using Gamekeeper.Health;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Operations.Monitoring;

/// <summary>
/// Whether PostgreSQL measures statements. Without it everything is served as before and slow statements are hard to find, so it is told
/// to the person on call and makes nobody unready.
/// </summary>
public sealed class StatisticsHealth(GameDatabase database, TimeProvider clock)
{
    /// <summary>One line, named <c>statistics</c>. Never throws for what it finds.</summary>
    public async Task<HealthOfPart> CheckAsync(CancellationToken cancellationToken = default)
    {
        var started = clock.GetTimestamp();
        string? problem;
        try
        {
            problem = (await database.FirstAsync(new ReadStatementStatistics(), cancellationToken))!.Problem;
        }
        catch (NpgsqlException)
        {
            problem = "Whether PostgreSQL measures statements could not be read.";
        }
        return new("statistics", problem is null, problem, clock.GetElapsedTime(started));
    }
}
