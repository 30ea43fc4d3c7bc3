using Gamekeeper.Integrity;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Scheduling;
using Gamekeeper.Storage;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

public sealed class MakeCheckpointTests
{
    [Fact]
    public async Task Each_follows_the_one_before_and_covers_what_is_new()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        var first = await world.MakeAsync();
        await world.Grid.MintAsync(await world.Grid.NewPlayerAsync(), 5);
        var second = await world.MakeAsync();

        second.Said.Previous.ShouldBe(new(1, Convert.ToHexStringLower(first.Hash)));
        var rows = second.Said.Sources.ToDictionary(s => s.Name, s => s.Rows);
        rows.Keys.ShouldBe(["core.audit_log", "sample_game.audit_log", "summoners_grid.audit_log", "summoners_grid.ownership_operations", "summoners_grid.ownership_history"], ignoreOrder: true);
        rows["summoners_grid.ownership_operations"].ShouldBe(1);
        rows["summoners_grid.ownership_history"].ShouldBe(5);
        rows["summoners_grid.audit_log"].ShouldBe(await world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.audit_log") - first.Said.Sources.Single(s => s.Name == "summoners_grid.audit_log").Rows);
        await world.HoldsAsync();
    }

    [Fact]
    public async Task One_that_would_be_too_large_becomes_several_and_an_operation_s_events_stay_together()
    {
        await using var world = await CheckpointWorld.CreateAsync(o => o.MaxRows = 4);
        var player = await world.Grid.NewPlayerAsync();
        foreach (var count in new[] { 1, 3, 2, 9, 1 })
            await world.Grid.MintAsync(player, count);
        (await world.RunJobAsync()).ShouldBeOfType<RunNowOutcome.Ran>().Succeeded.ShouldBeTrue();

        var newest = (await world.Grid.Get<CheckpointRepository>().NewestAsync())!;
        newest.Number.ShouldBeGreaterThan(5);
        newest.Said.Sources.Single(s => s.Name == "summoners_grid.ownership_history").Total.ShouldBe(16);
        newest.Said.Sources.Single(s => s.Name == "summoners_grid.audit_log").Total
            .ShouldBe(await world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.audit_log"));
        await world.HoldsAsync();
    }

    [Fact]
    public async Task Two_nodes_at_once_make_one_chain()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        await using var other = world.SecondNode();
        var player = await world.Grid.NewPlayerAsync();
        var made = 0;
        for (var round = 0; round < 10; round++)
        {
            await world.Grid.MintAsync(player, 2);
            var outcomes = await Task.WhenAll(
                Enumerable.Range(0, 4).Select(i => Task.Run(() => i % 2 == 0 ? world.Make.RunAsync() : other.GetRequiredService<MakeCheckpoint>().RunAsync()))
            );
            made += outcomes.Count(o => o is MakeCheckpointOutcome.Made);
            outcomes.ShouldContain(o => o is MakeCheckpointOutcome.Made);
        }
        await world.MakeAsync();
        (await world.FolderAsync()).Checkpoints.ShouldBe(made + 1);
        await world.HoldsAsync();
    }

    [Fact]
    public async Task A_crash_before_the_object_is_put_is_healed_by_the_next_run()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        world.Store.FailsBefore = name => name.EndsWith(".json", StringComparison.Ordinal);
        await Should.ThrowAsync<GamekeeperException>(() => world.Make.RunAsync());
        (await world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.checkpoints")).ShouldBe(1);
        (await world.ChainAsync()).ShouldBeEmpty("the next run puts it");

        world.Store.FailsBefore = _ => false;
        (await world.MakeAsync()).Number.ShouldBe(2);
        await world.HoldsAsync();
    }

    [Fact]
    public async Task A_crash_before_the_row_is_inserted_leaves_nothing_that_is_in_the_way()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        world.Store.FailsAfter = name => name.EndsWith(".leaves.gz", StringComparison.Ordinal);
        await Should.ThrowAsync<GamekeeperException>(() => world.Make.RunAsync());
        (await world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.checkpoints")).ShouldBe(0);
        Directory.GetFiles(Path.Combine(world.Folder, "checkpoints")).ShouldHaveSingleItem();

        world.Store.FailsAfter = _ => false;
        await world.Grid.NewPlayerAsync();
        (await world.MakeAsync()).Number.ShouldBe(1);
        await world.HoldsAsync();
    }

    [Fact]
    public async Task Without_its_store_the_job_fails_by_name_changes_nothing_and_catches_up_later()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        await world.MakeAsync();
        var away = world.Folder + ".away";
        Directory.Move(world.Folder, away);
        await world.Grid.MintAsync(await world.Grid.NewPlayerAsync(), 1);
        var failed = (await world.RunJobAsync()).ShouldBeOfType<RunNowOutcome.Ran>();
        failed.Succeeded.ShouldBeFalse();
        failed.Said.ShouldContain(world.Folder);
        (await world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.checkpoints")).ShouldBe(1);
        (await world.ChainAsync())[0].Table.ShouldBe("object store");

        Directory.Move(away, world.Folder);
        (await world.RunJobAsync()).ShouldBeOfType<RunNowOutcome.Ran>().Succeeded.ShouldBeTrue();
        await world.HoldsAsync();
    }

    [Fact]
    public async Task A_disk_that_is_full_leaves_no_row_and_nothing_half_written()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        world.Store.FailsBefore = name => name.EndsWith(".leaves.gz", StringComparison.Ordinal);
        (await world.RunJobAsync()).ShouldBeOfType<RunNowOutcome.Ran>().Succeeded.ShouldBeFalse();
        (await world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.checkpoints")).ShouldBe(0);
        Directory.GetFiles(world.Folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_without_a_store_says_what_to_set()
    {
        await using var database = await TestDatabase.CreateAsync(new TestDatabaseOptions(Configure: s => s.Configure<StorageOptions>(o => o.Folder = null)));
        var failed = (await database.Get<JobBoard>().RunNowAsync("core.checkpoints")).ShouldBeOfType<RunNowOutcome.Ran>();
        failed.Succeeded.ShouldBeFalse();
        failed.Said.ShouldContain("Gamekeeper__Storage__Folder");
        (await database.Get<CheckChain>().RunAsync()).ShouldBeEmpty("nobody has ever made one");
    }

    [Fact]
    public async Task The_store_s_folder_is_named_whole()
    {
        await using var database = await TestDatabase.CreateAsync(new TestDatabaseOptions(Configure: s => s.Configure<StorageOptions>(o => o.Folder = "objects")));
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(() => database.Get<IObjectStore>()).Message.ShouldContain("absolute path");
    }

    [Fact]
    public async Task Checkpoints_of_a_retired_key_stay_good_and_are_told_from_those_of_a_stranger()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        await world.MakeAsync();
        await world.Grid.Get<SigningKeyRing>().RotateAsync(Actor.System(world.Database.Clock));
        var second = await world.MakeAsync();
        await world.HoldsAsync();

        var keys = await world.Grid.Get<SigningKeyRing>().PublicKeysAsync();
        second.KeyId.ShouldBe(keys[1].Id);
        var report = await new CheckFolder(new FolderObjectStore(world.Folder), [keys[1].Pem]).RunAsync();
        report.Breaches.ShouldHaveSingleItem().Finding.ShouldContain("none of our keys");
    }

    [Fact]
    public async Task The_application_can_neither_alter_nor_remove_a_checkpoint()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        await world.MakeAsync();
        foreach (var sql in new[] { "delete from core.checkpoints", "update core.checkpoints set payload = ''", "truncate core.checkpoints" })
        {
            foreach (var role in new[] { TestRole.App, TestRole.Owner })
                (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.ExecuteAsync(role, sql))).SqlState.ShouldBe("42501");
        }
    }
}
