using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>Makes checkpoints until all is covered, then holds those of the last hour against their rows.</summary>
internal sealed class MakeCheckpoints(MakeCheckpoint make, CheckChain chain, CheckRows rows, GameDatabase database, IOptions<CheckpointOptions> options) : IJob
{
    public string Name => "core.checkpoints";

    public string Purpose => "Covers new rows of histories and audit logs by a signed checkpoint, here and in the object store.";

    public JobSchedule Schedule => new JobSchedule.Every(options.Value.Interval);

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var covered = 0L;
        MakeCheckpointOutcome outcome;
        do
        {
            outcome = await make.RunAsync(cancellationToken);
            covered += outcome is MakeCheckpointOutcome.Made made ? made.Checkpoint.Said.Sources.Sum(s => s.Rows) : 0;
        } while (outcome is MakeCheckpointOutcome.Made { IsComplete: false });

        // After the new one is made: a breach must not leave what is new uncovered.
        if (await database.FirstAsync(new FirstCheckpointSince(options.Value.Recheck), cancellationToken) is { } since)
        {
            // Whoever removes rows may have altered the checkpoint that covers them.
            if (await chain.RunAsync(since, limit: 1, withObjects: false, cancellationToken) is [var broken, ..])
                throw BreachFound(broken);
            if (await rows.RunAsync(since, limit: 1, cancellationToken) is [var breach, ..])
                throw BreachFound(breach);
        }
        return outcome switch
        {
            MakeCheckpointOutcome.Made made => $"checkpoint {made.Checkpoint.Number}, {covered} rows covered",
            MakeCheckpointOutcome.AnotherWasFirst first => $"another node made checkpoint {first.Number}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    internal static GamekeeperException BreachFound(InvariantBreach breach) =>
        new("integrity.checkpoint-broken", $"{breach.Table} {breach.Key} {breach.Finding}. Run gamekeeper verify --only core.checkpoint; see docs/operating/checkpoints.md.");
}

/// <summary>Holds all checkpoints against the store and against all rows. It goes on failing until what it found is put right.</summary>
internal sealed class CheckCheckpoints(CheckChain chain, CheckRows rows, IOptions<CheckpointOptions> options) : IJob
{
    public string Name => "core.check-checkpoints";

    public string Purpose => "Holds every checkpoint against the object store and against the rows that it covers.";

    public JobSchedule Schedule => options.Value.FullCheckAt is { } at ? new JobSchedule.Daily(at) : new JobSchedule.Every(TimeSpan.FromDays(1));

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.FullCheckAt is null)
            return "off: Gamekeeper:Checkpoints:FullCheckAt is empty";
        if (await chain.RunAsync(1, 1, cancellationToken) is [var broken, ..])
            throw MakeCheckpoints.BreachFound(broken);
        if (await rows.RunAsync(1, 1, cancellationToken) is [var breach, ..])
            throw MakeCheckpoints.BreachFound(breach);
        return "every checkpoint holds";
    }
}
