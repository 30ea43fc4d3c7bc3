using System.Diagnostics;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Migrations;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Migrations;

public sealed class DownTests
{
    [Fact]
    public async Task Every_migration_goes_down_and_up_again_on_filled_tables_and_leaves_the_same_schema()
    {
        await using var db = await TestDatabase.CreateAsync();
        var migrator = db.Get<Migrator>();
        await FillAsync(db);
        var levels = new Stack<string>();
        var schemas = db.Get<ModuleCatalogue>().Schemas.Reverse().ToList();
        foreach (var schema in schemas)
        {
            var count = (await migrator.StatusAsync()).Count(s => s.Schema == schema && s.Kind == MigrationKind.Sql);
            for (var i = 0; i < count; i++)
            {
                levels.Push(await DumpAsync(db));
                (await migrator.DownAsync(schema, 1)).ShouldBeOfType<DownOutcome.TakenBack>().Names.Count.ShouldBe(1);
            }
            (await db.ScalarAsync<long>(TestRole.Owner, Objects(schema))).ShouldBe(schema == "core" ? 1 : 0, $"left over in {schema}");
        }

        var files = (await migrator.StatusAsync()).Where(s => s.Kind == MigrationKind.Sql).ToList();
        foreach (var schema in schemas.AsEnumerable().Reverse())
        {
            foreach (var file in files.Where(f => f.Schema == schema))
            {
                await ApplyNextAsync(db, schema);
                (await DumpAsync(db)).ShouldBe(levels.Pop(), $"after {schema}/{file.Name} again");
            }
        }
        levels.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Production", GamekeeperEnvironment.Production)]
    [InlineData("staging", GamekeeperEnvironment.Staging)]
    public async Task Where_data_is_not_disposable_nothing_is_taken_back(string name, GamekeeperEnvironment environment)
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Environment: name));

        (await db.Get<Migrator>().DownAsync("sample_game", 1)).ShouldBe(new DownOutcome.RefusedHere(environment));

        (await db.ScalarAsync<bool>(TestRole.Owner, "select to_regclass('sample_game.idx_coins_amount') is not null")).ShouldBeTrue();
    }

    [Fact]
    public async Task Taking_back_a_file_forgets_the_data_migrations_after_it()
    {
        await using var db = await TestDatabase.CreateAsync();

        await db.Get<Migrator>().DownAsync("sample_game", 4);

        var plan = await db.Get<Migrator>().PlanAsync();
        plan.Select(s => s.Name).ShouldBe(["20261120100002_rich_purses", "20261120100004_friends", "20261126100005_cached_coins", "20261126100006_probed_coins", "20261120100003_grade_coins"]);
    }

    // One row in every table that the owner can fill without knowing it would be too few: the journal holds rows of every kind.
    private static async Task FillAsync(TestDatabase db)
    {
        await db.ExecuteAsync(TestRole.App, "insert into sample_game.coins (owner_id, amount) select gen_random_uuid(), n from generate_series(1, 500) n");
        await db.ExecuteAsync(TestRole.App, "update sample_game.coins set amount = amount + 1");
        foreach (var schema in db.Get<ModuleCatalogue>().Schemas)
        {
            await db.ExecuteAsync(
                TestRole.App,
                $"""
                insert into {schema}.activity_log (action, succeeded, actor_kind, request_id) values ('test', true, 'system', gen_random_uuid());
                insert into {schema}.outbox (topic, subject, version, payload) values ('test', 'x', 1, '{"{}"}');
                insert into {schema}.idempotency_keys (actor_id, key, verb, fingerprint, outcome) values (gen_random_uuid(), 'k', 'v', sha256('x'), '{"{}"}');
                """
            );
        }
    }

    // The runner goes by moments, so one step of one schema is taken by hiding the others' pending files behind their own names.
    private static async Task ApplyNextAsync(TestDatabase db, string schema)
    {
        var next = (await db.Get<Migrator>().PlanAsync(new UpRequest(IncludeData: false)))[0];
        next.Schema.ShouldBe(schema);
        using var stop = new CancellationTokenSource();
        var events = new MigrationEvents(e =>
        {
            if (e is MigrationEvent.Applied)
                stop.Cancel();
        });
        await Should.ThrowAsync<OperationCanceledException>(
            async () =>
            {
                await db.Get<Migrator>().UpAsync(new UpRequest(IncludeData: false), events, stop.Token);
                stop.Token.ThrowIfCancellationRequested();
            }
        );
        events.All.OfType<MigrationEvent.Applied>().Single().Name.ShouldBe(next.Name);
    }

    private static string Objects(string schema) =>
        $"select count(*) from pg_class c where relnamespace = to_regnamespace('{schema}') and relkind in ('r', 'p', 'v', 'm', 'S', 'f')";

    private static async Task<string> DumpAsync(TestDatabase db)
    {
        var installation = await PostgresInstallation.FindAsync();
        var text = new NpgsqlConnectionStringBuilder(db.ConnectionString(TestRole.Owner));
        var start = new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(installation.Postgres)!, "pg_dump"))
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList = { "--schema-only", "--host", text.Host!, "--port", text.Port.ToString(), "--username", text.Username!, db.Name },
            Environment = { ["PGPASSWORD"] = text.Password },
        };
        using var process = Process.Start(start)!;
        var dump = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        // Newer versions of pg_dump fence the dump with a random key.
        return string.Join('\n', dump.Split('\n').Where(l => !l.StartsWith("\\restrict", StringComparison.Ordinal) && !l.StartsWith("\\unrestrict", StringComparison.Ordinal)));
    }
}
