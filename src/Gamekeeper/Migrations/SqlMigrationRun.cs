using System.Text.RegularExpressions;
using Npgsql;

namespace Gamekeeper.Migrations;

/// <summary>
/// Runs one file. In a transaction with the line of history that records it; or, where PostgreSQL forbids one, statement by statement with
/// the number of statements done recorded after each.
/// </summary>
internal sealed partial class SqlMigrationRun(
    NpgsqlConnection connection,
    MigrationOptions options,
    TimeProvider clock,
    IProgress<MigrationEvent>? progress
)
{
    /// <exception cref="GamekeeperException"><c>migrations.failed</c>, <c>migrations.locked</c>.</exception>
    public async Task UpAsync(MigrationStep.Sql step, HistoryRow? earlier, CancellationToken cancellationToken)
    {
        var file = step.File;
        var started = clock.GetTimestamp();
        progress?.Report(new MigrationEvent.Started(file.Schema, file.Name, file.Phase, file.Locks));
        if (file.InTransaction)
        {
            await InTransactionAsync(
                file,
                file.Up,
                ct => MigrationHistory.FinishAsync(connection, step.Entry, clock.GetElapsedTime(started), ct),
                cancellationToken
            );
        }
        else
        {
            await MigrationHistory.StartAsync(connection, step.Entry, cancellationToken);
            await WithoutTransactionAsync(step, earlier, cancellationToken);
            await MigrationHistory.FinishAsync(connection, step.Entry, clock.GetElapsedTime(started), cancellationToken);
        }
        progress?.Report(new MigrationEvent.Applied(file.Schema, file.Name, clock.GetElapsedTime(started), null));
    }

    public async Task DownAsync(MigrationFile file, string down, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (file.InTransaction)
        {
            await InTransactionAsync(file, down, ct => MigrationHistory.ForgetAsync(connection, file.Schema, file.Name, ct), cancellationToken);
        }
        else
        {
            foreach (var statement in SqlScript.Split(down))
                await ExecuteAsync(file, statement, cancellationToken);
            await MigrationHistory.ForgetAsync(connection, file.Schema, file.Name, cancellationToken);
        }
        progress?.Report(new MigrationEvent.TakenBack(file.Schema, file.Name, clock.GetElapsedTime(started)));
    }

    private async Task InTransactionAsync(
        MigrationFile file,
        string script,
        Func<CancellationToken, Task> record,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await SetLockTimeoutAsync(options.LockTimeout, cancellationToken);
                foreach (var statement in SqlScript.Split(script))
                    await ExecuteAsync(file, statement, cancellationToken);
                await record(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return;
            }
            // The wait is bounded because everyone who comes after a waiting ALTER TABLE waits behind it.
            catch (PostgresException failure)
                when (failure.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt >= options.MaxAttempts)
                {
                    throw new GamekeeperException(
                        "migrations.locked",
                        $"{file.Title} did not get its locks in {attempt} attempts of {options.LockTimeout.TotalSeconds:0.###} s each: {failure.MessageText}. "
                            + "Nothing of it was kept. Look for long transactions in pg_stat_activity and run up again.",
                        failure
                    );
                }
                progress?.Report(new MigrationEvent.LockedOut(file.Schema, file.Name, attempt, failure.MessageText));
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 100 << Math.Min(attempt, 6))), clock, cancellationToken);
            }
        }
    }

    private async Task WithoutTransactionAsync(MigrationStep.Sql step, HistoryRow? earlier, CancellationToken cancellationToken)
    {
        var file = step.File;
        var done = earlier?.Progress is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var statements = SqlScript.Split(file.Up);
        // A concurrent build waits for old transactions while it blocks nobody, and giving up would leave an invalid index.
        await SetLockTimeoutAsync(TimeSpan.Zero, cancellationToken);
        for (var i = done; i < statements.Count; i++)
        {
            if (!await IsBuiltAsync(file, statements[i], wasStarted: earlier is not null, cancellationToken))
                await ExecuteAsync(file, statements[i], cancellationToken);
            await MigrationHistory.ProgressAsync(
                connection,
                step.Entry,
                (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                0,
                cancellationToken
            );
        }
    }

    // A build that was interrupted leaves an index that costs every write and serves no read. It is dropped, to be built again; one that
    // was finished just before the runner died is kept.
    private async Task<bool> IsBuiltAsync(MigrationFile file, SqlStatement statement, bool wasStarted, CancellationToken cancellationToken)
    {
        if (ConcurrentBuild().Match(SqlScript.Words(statement.Text)) is not { Success: true } match)
            return false;
        var index = match.Groups["index"].Value;
        await using var command = new NpgsqlCommand(
            """
            select i.indisvalid, format('drop index concurrently %I.%I', n.nspname, c.relname)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_index i on i.indexrelid = c.oid
            where n.nspname = $1
              and c.relname = $2
            """,
            connection
        );
        command.Parameters.Add(new() { Value = match.Groups["schema"].Success ? match.Groups["schema"].Value : file.Schema });
        command.Parameters.Add(new() { Value = index });
        string drop;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
                return false;
            if (reader.GetBoolean(0))
                return wasStarted;
            drop = reader.GetString(1);
        }
        await ExecuteAsync(file, new SqlStatement(statement.Line, drop), cancellationToken);
        progress?.Report(new MigrationEvent.InvalidIndexDropped(file.Schema, file.Name, index));
        return false;
    }

    private async Task SetLockTimeoutAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select set_config('lock_timeout', $1, false)", connection);
        command.Parameters.Add(new() { Value = $"{(long)timeout.TotalMilliseconds}ms" });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ExecuteAsync(MigrationFile file, SqlStatement statement, CancellationToken cancellationToken)
    {
        try
        {
            // A batch sends the text as it stands; a command would first look for parameters in it.
            await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Text));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException failure)
            when (failure.SqlState is not (PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected) || !file.InTransaction)
        {
            throw new GamekeeperException(
                "migrations.failed",
                $"{file.Title}, statement at line {statement.Line}: {failure.SqlState} {failure.MessageText}. "
                    + (file.InTransaction ? "Nothing of this file was kept." : "Statements before it were kept; the next run goes on here.")
                    + " Correct the cause and run up again.",
                failure
            );
        }
    }

    [GeneratedRegex(
        @"^create (unique )?index concurrently (if not exists )?""?(?<index>[a-z0-9_]+)""? on (only )?((?<schema>[a-z0-9_]+)\.)?",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex ConcurrentBuild();
}
