using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.Tests.Batching;

/// <summary>That somebody was there: said often, written seldom.</summary>
internal sealed record Beat(string Who, int Count)
{
    public static Action<IServiceCollection> WrittenBehind(Func<WriteBehindOptions, WriteBehindOptions>? change = null) =>
        services =>
        {
            var options = new WriteBehindOptions { Name = "test.beats", LossIsFineSince = "It is a test.", Interval = TimeSpan.FromMinutes(10) };
            services.AddWriteBehind<Beat>(
                change?.Invoke(options) ?? options,
                beat => beat.Who,
                (unit, beats, _) =>
                {
                    unit.Enqueue(new NoteBeats(beats));
                    return Task.CompletedTask;
                }
            );
        };

    /// <summary>A table for them that counts the statements it is written by.</summary>
    public static Task CreateTableAsync(TestDatabase db) =>
        db.ExecuteAsync(
            TestRole.Owner,
            """
            create table core.beats (
              who text not null,
              count int not null,
              constraint beats_pkey primary key (who),
              constraint beats_count_not_negative check (count >= 0)
            );
            create table core.beat_statements (at timestamptz not null default clock_timestamp());
            create function core.count_beat_statement() returns trigger language plpgsql as
              $$ begin insert into core.beat_statements default values; return null; end $$;
            create trigger beats_counted after insert on core.beats for each statement execute function core.count_beat_statement();
            grant select, insert, update on core.beats to gamekeeper_app;
            grant select, insert on core.beat_statements to gamekeeper_app;
            """
        );

    public static Task<long> StatementsAsync(TestDatabase db) => db.ScalarAsync<long>(TestRole.App, "select count(*) from core.beat_statements");

    public static async Task<IReadOnlyList<string>> WrittenAsync(TestDatabase db) =>
        await db.ListAsync<string>(TestRole.App, "select who || '=' || count from core.beats order by who");
}

internal sealed record NoteBeats(IReadOnlyList<Beat> Beats) : IStatement<NoteBeats>
{
    public static string Sql =>
        """
        insert into core.beats (who, count)
        select * from unnest($1::text[], $2::int[])
        on conflict on constraint beats_pkey do update set count = greatest(beats.count, excluded.count)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Beats.Select(b => b.Who).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .Add(Beats.Select(b => b.Count).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer);
}

/// <summary>Holds up whoever writes beats.</summary>
internal sealed class HeldBeats : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly TestDatabase _db;

    private HeldBeats(NpgsqlConnection connection, TestDatabase db) => (_connection, _db) = (connection, db);

    public static async Task<HeldBeats> TakeAsync(TestDatabase db)
    {
        var connection = await db.OpenAsync(TestRole.Owner);
        await using var command = new NpgsqlCommand("begin; lock table core.beats in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return new(connection, db);
    }

    public Task SomebodyWaitsAsync() =>
        Soon.TrueAsync(
            async () => await _db.ScalarAsync<long>(TestRole.Superuser, "select count(*) from pg_locks where not granted and relation = 'core.beats'::regclass") > 0,
            "somebody waits for the table"
        );

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
