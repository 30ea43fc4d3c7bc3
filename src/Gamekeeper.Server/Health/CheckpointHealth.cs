using System.Text.Json;
using Gamekeeper.Health;
using Gamekeeper.Integrity.Checkpoints;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Server.Health;

/// <summary>
/// Whether what is recorded is still being covered. Games go on without it, and a store that is full must not take every server out of
/// service: so it is told to the person on call and does not make the server unready.
/// </summary>
internal sealed class CheckpointHealth(CheckpointRepository checkpoints, IOptions<CheckpointOptions> options, TimeProvider clock)
{
    /// <summary>Runs that may be missed before it is told, and the least time: the run itself and its being taken over count in.</summary>
    private const int RunsMissed = 3;
    private static readonly TimeSpan AtLeast = TimeSpan.FromMinutes(5);

    public async Task<HealthOfPart> CheckAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        string? problem = null;
        try
        {
            var runs = options.Value.Interval * RunsMissed;
            var most = runs > AtLeast ? runs : AtLeast;
            if (await checkpoints.AgeAsync(cancellationToken) is { } age && age > most)
                problem = $"The newest checkpoint is {age.TotalMinutes:0} min old, and one is due every {options.Value.Interval.TotalMinutes:0.#} min; GET /v1/ops/jobs says why core.checkpoints fails.";
            else if (await checkpoints.HeldAsync(most, cancellationToken) is [var held, ..])
                problem = $"Transaction {held.Transaction} has taken numbers of {held.Table} and been open for {most.TotalMinutes:0} min: its rows are not covered before it ends; find it in pg_locks, or in pg_prepared_xacts when it has no pid there.";
        }
        catch (JsonException)
        {
            problem = "A checkpoint in the database cannot be read: gamekeeper verify --only core.checkpoint names it.";
        }
        catch (NpgsqlException)
        {
            problem = "The checkpoints could not be read.";
        }
        return new("checkpoints", problem is null, problem, clock.GetElapsedTime(started));
    }
}
