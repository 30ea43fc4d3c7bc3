using Gamekeeper.Migrations;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Migrations;

public sealed class ConcurrentIndexTests
{
    [Fact(Timeout = 60_000)]
    public async Task While_an_index_is_built_concurrently_others_write()
    {
        await using var db = await CoinsWithoutIndexAsync();
        await using var slow = await db.OpenAsync(TestRole.App);
        await using var open = await slow.BeginTransactionAsync();
        await ExecuteAsync(slow, "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 1)");

        // The build waits for the open transaction; one that blocked would queue every other writer behind itself.
        var up = db.Get<Migrator>().UpAsync();
        await Soon.TrueAsync(
            () => db.ScalarAsync<bool>(
                TestRole.Superuser,
                "select exists (select from pg_stat_activity where query like 'create index concurrently%' or query like '%create index concurrently%' and wait_event_type = 'Lock' and pid <> pg_backend_pid() and datname = current_database())"
            ),
            "the build waits"
        );
        await using (var writer = await db.OpenAsync(TestRole.App))
        {
            await ExecuteAsync(writer, "set lock_timeout = '2s'");
            await ExecuteAsync(writer, "insert into sample_game.coins (owner_id, amount) values (gen_random_uuid(), 2)");
        }
        up.IsCompleted.ShouldBeFalse();
        await open.CommitAsync();

        (await up).Select(a => a.Name).ShouldContain("20261120100002_rich_purses");
        (await IsValidAsync(db)).ShouldBeTrue();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_invalid_leftover_is_dropped_and_built_again()
    {
        await using var db = await CoinsWithoutIndexAsync();
        await db.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) select gen_random_uuid(), 7 from generate_series(1, 3)");
        // Three equal amounts: a unique build fails half-way and leaves an index of the very name behind.
        await Should.ThrowAsync<PostgresException>(
            db.ExecuteAsync(TestRole.Owner, "create unique index concurrently idx_coins_amount on sample_game.coins (amount)")
        );
        (await IsValidAsync(db)).ShouldBeFalse();
        var events = new MigrationEvents();

        await db.Get<Migrator>().UpAsync(progress: events);

        events.All.OfType<MigrationEvent.InvalidIndexDropped>().Single().Index.ShouldBe("idx_coins_amount");
        (await IsValidAsync(db)).ShouldBeTrue();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_index_that_was_finished_just_before_the_runner_died_is_kept()
    {
        await using var db = await CoinsWithoutIndexAsync();
        await db.ExecuteAsync(TestRole.Owner, "create index concurrently idx_coins_amount on sample_game.coins (amount desc)");
        await db.ExecuteAsync(
            TestRole.Owner,
            "insert into core.migrations (schema_name, name, kind, phase, checksum, applied_by) "
                + $"values ('sample_game', '20261120100002_rich_purses', 'sql', 'expand', '{await ChecksumAsync()}', 'test')"
        );

        (await db.Get<Migrator>().UpAsync()).Select(a => a.Name).ShouldContain("20261120100002_rich_purses");
    }

    private static async Task<string?> ChecksumAsync()
    {
        await using var done = await TestDatabase.CreateAsync();
        return await done.ScalarAsync<string>(TestRole.Owner, "select checksum from core.migrations where name = '20261120100002_rich_purses'");
    }

    private static async Task<TestDatabase> CoinsWithoutIndexAsync()
    {
        var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));
        await db.Get<Migrator>().UpAsync(new UpRequest("20261120100001"));
        return db;
    }

    private static Task<bool> IsValidAsync(TestDatabase db) =>
        db.ScalarAsync<bool>(TestRole.Owner, "select indisvalid from pg_index where indexrelid = 'sample_game.idx_coins_amount'::regclass");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
