using Npgsql;

namespace Gamekeeper.Migrations;

/// <summary>Runs one data migration, bite by bite. Progress is recorded after every bite, so that an interruption costs at most one.</summary>
internal sealed class DataMigrationRun(NpgsqlConnection connection, TimeProvider clock, IProgress<MigrationEvent>? progress)
{
    /// <exception cref="GamekeeperException"><c>migrations.failed</c>: a bite failed; recorded, and what follows is not begun.</exception>
    public async Task RunAsync(MigrationStep.Data step, HistoryRow? earlier, CancellationToken cancellationToken)
    {
        var (schema, name) = (step.Schema, step.Migration.Name);
        var started = clock.GetTimestamp();
        progress?.Report(new MigrationEvent.Started(schema, name, MigrationPhase.Migrate, null));
        await MigrationHistory.StartAsync(connection, step.Entry, cancellationToken);
        var position = earlier?.Progress;
        var changed = earlier?.Changed ?? 0;
        for (var done = false; !done; )
        {
            var bite = await BiteAsync(step, position, cancellationToken);
            // Its work is committed: it is recorded even when the runner is told to stop at this very moment.
            await MigrationHistory.ProgressAsync(connection, step.Entry, bite.Progress, bite.Changed, CancellationToken.None);
            (position, done) = (bite.Progress, bite.Done);
            changed += bite.Changed;
            progress?.Report(new MigrationEvent.Progressed(schema, name, changed, position));
        }
        await MigrationHistory.FinishAsync(connection, step.Entry, clock.GetElapsedTime(started), CancellationToken.None);
        progress?.Report(new MigrationEvent.Applied(schema, name, clock.GetElapsedTime(started), changed));
    }

    private async Task<DataMigrationStep> BiteAsync(MigrationStep.Data step, string? position, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await step.Migration.StepAsync(position, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await MigrationHistory.FailAsync(connection, step.Entry, failure.Message, CancellationToken.None);
            throw new GamekeeperException(
                "migrations.failed",
                $"{step.Schema}/{step.Migration.Name} stopped at progress '{position ?? "(beginning)"}': {failure.Message} "
                    + "Bites before it were kept; the next run goes on here, and later data migrations have not been begun.",
                failure
            );
        }
    }
}
