using Gamekeeper.Migrations;
using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Removes sessions that ended long ago, with their spent tokens, and used-up codes and counts of failures; in bounded bites.</summary>
public sealed class LoginSessionPurge(GameDatabase database, IOptions<AccountOptions> options, TimeProvider clock) : IJob
{
    private const int Bite = 1000;

    /// <inheritdoc />
    public string Name => "core.purge-login-sessions";

    /// <inheritdoc />
    public string Purpose => "Removes login sessions that expired or were revoked longer ago than they are kept.";

    /// <inheritdoc />
    public JobSchedule Schedule { get; } = new JobSchedule.Daily(new TimeOnly(3, 20));

    /// <inheritdoc />
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        long removed = 0;
        int bite;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            bite = await BiteAsync(Bite, cancellationToken);
            removed += bite;
        } while (bite == Bite);
        return $"{removed} login sessions removed";
    }

    /// <summary>Removes at most <paramref name="limit"/> sessions in one transaction; how many it did.</summary>
    public Task<int> BiteAsync(int limit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.WriteAsync(
            Actor.System(clock),
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new DeleteSpentCodes(now));
                unit.Enqueue(new DeleteOldFailures(now - TimeSpan.FromDays(1)));
                var removed = await unit.ListAsync(new DeleteEnded(now - options.Value.KeepEndedSessions, limit), ct);
                return removed.Count;
            },
            cancellationToken
        );
    }
}

/// <summary>The same as a data migration, for a database that comes with years of ended sessions.</summary>
public sealed class CleanupExpiredSessions(LoginSessionPurge purge) : IDataMigration
{
    private const int Bite = 1000;

    /// <inheritdoc />
    public string Name => "20261120000011_cleanupExpiredSessions";

    /// <inheritdoc />
    public string Description => "Removes login sessions that expired or were revoked longer ago than they are kept.";

    /// <inheritdoc />
    public async Task<DataMigrationStep> StepAsync(string? progress, CancellationToken cancellationToken)
    {
        var removed = await purge.BiteAsync(Bite, cancellationToken);
        return new(null, removed, removed < Bite);
    }
}

file sealed record DeleteEnded(DateTimeOffset Before, int Limit) : IQuery<DeleteEnded, Guid>
{
    // Each arm walks its own index. What someone else holds is passed over; the next run finds it.
    public static string Sql =>
        """
        with expired as (
          select id from core.login_sessions where expires_at < $1 order by expires_at limit $2 for update skip locked
        ),
        revoked as (
          select id from core.login_sessions where revoked and revoked_at < $1 order by revoked_at limit $2 for update skip locked
        )
        delete from core.login_sessions
        where id = any(array(select id from expired union select id from revoked limit $2))
        returning id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Before).Add(Limit);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record DeleteSpentCodes(DateTimeOffset Now) : IStatement<DeleteSpentCodes>
{
    public static string Sql => "delete from core.one_time_codes where expires_at < $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Now);
}

file sealed record DeleteOldFailures(DateTimeOffset Before) : IStatement<DeleteOldFailures>
{
    public static string Sql => "delete from core.sign_in_failures where window_started_at < $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Before);
}
