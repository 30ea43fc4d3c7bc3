using Gamekeeper.Health;
using Gamekeeper.Scheduling;
using Npgsql;

namespace Gamekeeper.Server.Health;

/// <summary>
/// Whether periodic work keeps up. Requests are served without it for a while, so it is told to the person on call and does not make
/// the server unready.
/// </summary>
internal sealed class JobHealth(JobBoard jobs, TimeProvider clock)
{
    /// <summary>Failures in a row from which a job is told; a lost connection now and then is no news.</summary>
    private const int FailuresTold = 3;

    /// <summary>How late a job may begin: several rounds of every node's looking for due ones.</summary>
    private static readonly TimeSpan LateBy = TimeSpan.FromMinutes(10);

    public async Task<HealthOfPart> CheckAsync(DatabaseReport database, CancellationToken cancellationToken)
    {
        if (!database.IsReady)
            return new("jobs", false, "The database is not ready.", TimeSpan.Zero);
        var started = clock.GetTimestamp();
        string? problem;
        try
        {
            var now = clock.GetUtcNow();
            var bad = (await jobs.ListAsync(cancellationToken))
                .Where(j => j.Failures >= FailuresTold || (j.RunningOn is null && j.NextRunAt < now - LateBy))
                .Select(j => j.Failures >= FailuresTold ? $"{j.Name} failed {j.Failures} times in a row" : $"{j.Name} was due at {j.NextRunAt:O}")
                .ToList();
            problem = bad.Count == 0 ? null : $"{string.Join("; ", bad)}; see GET /v1/ops/jobs.";
        }
        catch (NpgsqlException)
        {
            problem = "The jobs could not be read.";
        }
        return new("jobs", problem is null, problem, clock.GetElapsedTime(started));
    }
}
