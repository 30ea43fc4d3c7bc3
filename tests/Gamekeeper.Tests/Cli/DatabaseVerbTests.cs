using Gamekeeper.Privacy;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid;

namespace Gamekeeper.Tests.Cli;

/// <summary>Verbs on a database that is named to them, with no server and no private database in sight.</summary>
public class DatabaseVerbTests
{
    private static readonly string Fixtures = Path.Combine(Rules.Sources.Root, "tests/Gamekeeper.Tests/SummonersGrid/Cards/Fixtures");

    [Fact]
    public async Task A_good_file_is_imported_and_the_same_file_again_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();

        var first = await RunAsync(database, "cards", "import", Path.Combine(Fixtures, "good.jsonl"), "--format", "json");
        var second = await RunAsync(database, "cards", "import", Path.Combine(Fixtures, "good.jsonl"), "--format", "json");

        first.ExitCode.ShouldBe(0, first.ToString());
        first.Json.GetProperty("inserted").GetInt32().ShouldBePositive();
        second.Json.GetProperty("inserted").GetInt32().ShouldBe(0);
        second.Json.GetProperty("unchanged").GetInt32().ShouldBe(first.Json.GetProperty("inserted").GetInt32());
    }

    [Fact]
    public async Task A_bad_file_is_refused_whole_with_its_line_and_ends_with_4()
    {
        await using var database = await TestDatabase.CreateAsync();

        var result = await RunAsync(database, "cards", "import", Path.Combine(Fixtures, "missing-rarity-in-third-line.jsonl"));

        result.ExitCode.ShouldBe(4, result.ToString());
        result.Errors.ShouldContain("line 3");
        result.Errors.ShouldContain("rarity");
        (await database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.card_templates")).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_2()
    {
        await using var database = await TestDatabase.CreateAsync();

        (await RunAsync(database, "cards", "import", "/nowhere/cards.json")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Verify_is_content_until_a_row_is_altered_and_then_names_it_and_ends_with_1()
    {
        await using var world = await GridWorld.CreateAsync();
        var cards = await world.MintAsync(await world.NewPlayerAsync(), 3);

        var before = await RunAsync(world.Database, "verify");
        before.ExitCode.ShouldBe(0, before.ToString());

        await ForgeAsync(world, cards[1]);
        var after = await RunAsync(world.Database, "verify", "--format", "json");

        after.ExitCode.ShouldBe(1, after.ToString());
        after.Json.GetProperty("holds").GetBoolean().ShouldBeFalse();
        after.Output.ShouldContain(cards[1].ToString());
        after.Output.ShouldNotContain(cards[0].ToString());
    }

    [Fact]
    public async Task A_card_s_history_is_told_and_a_forged_one_ends_with_1()
    {
        await using var world = await GridWorld.CreateAsync();
        var card = (await world.MintAsync(await world.NewPlayerAsync(), 1))[0];

        var good = await RunAsync(world.Database, "card", "history", card.ToString());
        good.ExitCode.ShouldBe(0, good.ToString());
        good.Output.ShouldContain("Intact: 1 event");

        await ForgeAsync(world, card);
        var forged = await RunAsync(world.Database, "card", "history", card.ToString());
        forged.ExitCode.ShouldBe(1, forged.ToString());
        forged.Output.ShouldContain("BROKEN");
    }

    [Fact]
    public async Task A_card_that_does_not_exist_is_refused_with_4()
    {
        await using var database = await TestDatabase.CreateAsync();

        var result = await RunAsync(database, "card", "history", Guid.CreateVersion7().ToString());

        result.ExitCode.ShouldBe(4, result.ToString());
    }

    [Fact]
    public async Task A_rotated_key_signs_and_the_old_one_stays_listed()
    {
        await using var world = await GridWorld.CreateAsync();
        await world.MintAsync(await world.NewPlayerAsync(), 1);

        var rotated = await RunAsync(world.Database, "keys", "rotate", "--format", "json");
        var listed = await RunAsync(world.Database, "keys", "list", "--format", "json");

        rotated.ExitCode.ShouldBe(0, rotated.ToString());
        var keys = listed.Json.EnumerateArray().ToList();
        keys.Count.ShouldBe(2);
        keys[0].GetProperty("retired_at").GetString().ShouldNotBeNull();
        keys[1].GetProperty("id").GetString().ShouldBe(rotated.Json.GetProperty("id").GetString());
        listed.Output.ShouldNotContain("PRIVATE");
    }

    [Fact]
    public async Task Seeds_are_refused_where_nobody_said_that_data_is_disposable()
    {
        await using var database = await TestDatabase.CreateAsync();

        var result = await RunAsync(database, new Dictionary<string, string?> { ["DOTNET_ENVIRONMENT"] = null }, "seed");

        result.ExitCode.ShouldBe(4, result.ToString());
        (await database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.card_templates")).ShouldBe(0);
    }

    [Fact]
    public async Task Migrations_of_an_empty_database_are_planned_then_applied_then_no_longer_pending()
    {
        await using var database = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));

        var planned = (await RunAsync(database, "migrate", "plan", "--format", "json")).Json.GetArrayLength();
        var applied = await RunAsync(database, "migrate", "up", "--format", "json");
        var after = await RunAsync(database, "migrate", "plan", "--format", "json");

        planned.ShouldBePositive();
        applied.ExitCode.ShouldBe(0, applied.ToString());
        applied.Json.GetArrayLength().ShouldBe(planned);
        after.Json.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_data_migration_that_fails_is_named_and_ends_with_4()
    {
        await using var database = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));
        (await RunAsync(database, "migrate", "up", "--no-data")).ExitCode.ShouldBe(0);
        await database.ExecuteAsync(TestRole.Owner, "revoke all on core.login_sessions from gamekeeper_app");

        var result = await RunAsync(database, "migrate", "up");

        result.ExitCode.ShouldBe(4, result.ToString());
        result.Errors.ShouldContain("migrations.failed");
        result.Errors.ShouldContain("cleanupExpiredSessions");
    }

    [Fact]
    public async Task The_owner_s_connection_alone_ends_with_2_and_migrates_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));

        var result = await RunAsync(database, new Dictionary<string, string?> { ["ConnectionStrings__Postgres"] = null }, "migrate", "up");

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Errors.ShouldContain("ConnectionStrings__Postgres");
        (await database.ScalarAsync<bool>(TestRole.Superuser, "select to_regclass('core.migrations') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_connection_may_lie_in_a_file_that_nobody_else_can_read()
    {
        await using var database = await TestDatabase.CreateAsync();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, database.ConnectionString(TestRole.App) + ";Application Name=with spaces\n", TestContext.Current.CancellationToken);
            var environment = new Dictionary<string, string?> { ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText };

            var result = await CliProcess.RunAsync("/nowhere", environment, "verify", "--connection", "@" + file);

            result.ExitCode.ShouldBe(0, result.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Everything_comes_under_a_new_master_key_and_opens_without_the_old_one()
    {
        await using var world = await GridWorld.CreateAsync();
        var card = (await world.MintAsync(await world.NewPlayerAsync(), 1))[0];
        var fresh = MasterKey.NewText();
        var withOld = new Dictionary<string, string?> { ["Gamekeeper__MasterKey"] = fresh, ["Gamekeeper__PreviousMasterKeys__0"] = TestDatabase.MasterKeyText };
        var withoutOld = new Dictionary<string, string?> { ["Gamekeeper__MasterKey"] = fresh };

        var tooEarly = await RunAsync(world.Database, withoutOld, "card", "history", card.ToString());
        var rotated = await RunAsync(world.Database, withOld, "keys", "rotate-master", "--format", "json");
        var after = await RunAsync(world.Database, withoutOld, "card", "history", card.ToString());

        tooEarly.ExitCode.ShouldNotBe(0, tooEarly.ToString());
        rotated.ExitCode.ShouldBe(0, rotated.ToString());
        rotated.Json.GetProperty("is_done").GetBoolean().ShouldBeTrue();
        rotated.Json.GetProperty("system_keys").GetInt64().ShouldBePositive();
        after.ExitCode.ShouldBe(0, after.ToString());
    }

    // The card's own row says that it came otherwise than its history does.
    private static Task<int> ForgeAsync(GridWorld world, Guid card) =>
        world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            set session_replication_role = replica;
            update summoners_grid.card_instances set acquired_method = 'forged' where id = '{card}'
            """);

    private static Task<CliResult> RunAsync(TestDatabase database, params string[] arguments) =>
        RunAsync(database, new Dictionary<string, string?>(), arguments);

    private static Task<CliResult> RunAsync(TestDatabase database, IReadOnlyDictionary<string, string?> more, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Postgres"] = database.ConnectionString(TestRole.App),
            ["ConnectionStrings__PostgresOwner"] = database.ConnectionString(TestRole.Owner),
            ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText,
        };
        foreach (var (name, value) in more)
            environment[name] = value;
        return CliProcess.RunAsync("/nowhere", environment, arguments);
    }
}
