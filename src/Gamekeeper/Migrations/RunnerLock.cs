using Npgsql;

namespace Gamekeeper.Migrations;

/// <summary>
/// One runner a database at a time. The lock is polled and never waited for: a session that waits inside pg_advisory_lock() holds a
/// snapshot, CREATE INDEX CONCURRENTLY waits for that snapshot, and both wait for ever. It belongs to the connection and ends with it.
/// </summary>
internal static class RunnerLock
{
    private const string Key = "5143087342180623212";

    private static readonly TimeSpan PollMax = TimeSpan.FromSeconds(2);

    /// <exception cref="GamekeeperException"><c>migrations.busy</c>: another runner did not finish in time.</exception>
    public static async Task TakeAsync(
        NpgsqlConnection connection,
        TimeSpan patience,
        TimeProvider clock,
        IProgress<MigrationEvent>? progress,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(25);
        string? announced = null;
        while (!await TryAsync(connection, cancellationToken))
        {
            var waited = clock.GetElapsedTime(started);
            var holder = await HolderAsync(connection, cancellationToken);
            if (waited >= patience)
            {
                throw new GamekeeperException(
                    "migrations.busy",
                    $"Another runner has been migrating this database for all of the {waited.TotalSeconds:0} s we waited: {holder}. Let it finish, or end it if it hangs."
                );
            }
            if (holder != announced)
                progress?.Report(new MigrationEvent.WaitingForRunner(announced = holder, waited));
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 2 < PollMax ? pause * 2 : PollMax;
        }
    }

    private static async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({Key})", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<string> HolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select format(
              'process %s, %s from %s since %s',
              a.pid,
              coalesce(nullif(a.application_name, ''), 'unnamed'),
              coalesce(host(a.client_addr), 'this machine'),
              to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'))
            from pg_locks l
            join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory'
              and l.granted
              and l.database = (select oid from pg_database where datname = current_database())
              -- A bigint key is shown as its two halves.
              and (l.classid::bigint << 32) + l.objid::bigint = {Key}
            limit 1
            """,
            connection
        );
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "a runner that has just ended";
    }
}
