using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Scheduling;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

/// <summary>What the owner of the schemas removes or alters is missed, together with everything else that spoke of it.</summary>
public sealed class RemovalTests : IAsyncLifetime
{
    private CheckpointWorld _world = null!;
    private Actor _a = null!;
    private Actor _b = null!;
    private Guid _card;
    private Guid _operation;

    public async ValueTask InitializeAsync()
    {
        _world = await CheckpointWorld.CreateAsync();
        (_a, _b) = (await _world.Grid.NewPlayerAsync(), await _world.Grid.NewPlayerAsync());
        await _world.Grid.MintAsync(_a, 3);
        _card = (await _world.Grid.MintAsync(_a, 1))[0];
        _operation = await _world.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            $"select operation_id from summoners_grid.ownership_history where card_instance_id = '{_card}'"
        );
        await _world.MakeAsync();
        await _world.HoldsAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_card_removed_with_its_history_its_operation_and_their_audit_rows_is_named()
    {
        await _world.AttackAsync(
            $"""
            delete from summoners_grid.audit_log where record_id in ('{_card}', '{_operation}')
              or record_id in (select id::text from summoners_grid.ownership_history where card_instance_id = '{_card}');
            delete from summoners_grid.card_instances where id = '{_card}';
            delete from summoners_grid.ownership_operations where id = '{_operation}'
            """
        );
        (await _world.Grid.BreachesAsync()).Select(b => b.Invariant).Distinct().ShouldBe(["core.checkpoint-rows"], "everything else fits together again");

        var found = await _world.RowsAsync();
        found.ShouldContain(b => b.Table == "summoners_grid.ownership_history" && b.Key == $"{_card}/1" && b.Finding.Contains("removed after checkpoint 1"));
        found.ShouldContain(b => b.Table == "summoners_grid.ownership_operations" && b.Key == _operation.ToString());
        found.Count(b => b.Table == "summoners_grid.audit_log").ShouldBe(3);
        await JobSaysAsync("summoners_grid.");
    }

    [Fact]
    public async Task The_newest_operations_cut_off_are_named()
    {
        await _world.Grid.TransferAsync(_card, _a, _b);
        await _world.MakeAsync();
        var before = await _world.Database.ScalarAsync<string>(
            TestRole.Superuser,
            $"select signature from summoners_grid.ownership_history where card_instance_id = '{_card}' and position = 1"
        );
        var newest = await _world.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            "select id from summoners_grid.ownership_operations order by sequence desc limit 1"
        );
        await _world.AttackAsync(
            $$"""
            delete from summoners_grid.ownership_history where operation_id = '{{newest}}';
            delete from summoners_grid.ownership_operations where id = '{{newest}}';
            update summoners_grid.card_instances set owner_id = '{{_a.Key}}', events = 1, signature = '{{before}}', signature_chain = '{}', last_transferred = null
            where id = '{{_card}}';
            """
        );
        (await _world.Grid.BreachesAsync()).Select(b => b.Invariant).Distinct().ShouldBe(["core.checkpoint-rows"]);
        var found = await _world.RowsAsync();
        found.ShouldContain(b => b.Key == newest.ToString() && b.Finding.Contains("removed after checkpoint 2"));
        found.ShouldContain(b => b.Key == $"{_card}/2");
        await JobSaysAsync(newest.ToString());
    }

    [Theory]
    [InlineData("new_values", "new_values || '{\"forged\": 1}'")]
    [InlineData("user_id", "gen_random_uuid()")]
    [InlineData("actor_kind", "'operator'")]
    [InlineData("record_id", "'someone-else'")]
    [InlineData("created_at", "created_at - interval '1 microsecond'")]
    [InlineData("request_id", "null")]
    [InlineData("old_values", "'{}'")]
    [InlineData("action", "'DELETE'")]
    [InlineData("table_name", "'users'")]
    public async Task An_audit_row_altered_in_any_column_is_named(string column, string value)
    {
        var id = await _world.Database.ScalarAsync<long>(TestRole.Superuser, $"select id from summoners_grid.audit_log where record_id = '{_card}'");
        await _world.AttackAsync($"update summoners_grid.audit_log set {column} = {value} where id = {id}");
        var breach = (await _world.RowsAsync()).ShouldHaveSingleItem();
        breach.Table.ShouldBe("summoners_grid.audit_log");
        breach.Key.ShouldBe(id.ToString());
        breach.Finding.ShouldContain("was altered after checkpoint 1");
        await JobSaysAsync("was altered");
    }

    [Fact]
    public async Task A_row_slipped_in_under_a_covered_number_is_named()
    {
        await _world.AttackAsync(
            """
            insert into core.audit_log (id, created_at, table_name, record_id, action) overriding system value
            select id, created_at + interval '1 second', 'accounts', 'x', 'DELETE' from core.audit_log order by id limit 1
            """
        );
        // Of two rows with one number it cannot be told which was first.
        (await _world.RowsAsync()).ShouldNotBeEmpty();
        (await _world.RowsAsync()).ShouldAllBe(b => b.Table == "core.audit_log" && b.Key == "1");
    }

    [Fact]
    public async Task A_database_put_back_to_an_earlier_state_is_missed_by_the_store()
    {
        await _world.Grid.MintAsync(_a, 2);
        await _world.MakeAsync();
        var restored = await RestoreToFirstCheckpointAsync();

        var refused = (await _world.RunJobAsync()).ShouldBeOfType<RunNowOutcome.Ran>();
        refused.Succeeded.ShouldBeFalse();
        refused.Said.ShouldContain("put back to an earlier state");
        (await _world.ChainAsync()).ShouldHaveSingleItem().Key.ShouldBe("2");
        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.checkpoints")).ShouldBe(restored);
    }

    [Fact]
    public async Task A_restore_that_was_meant_is_acknowledged_once_and_the_chain_goes_on_past_what_was_lost()
    {
        await _world.Grid.MintAsync(_a, 2);
        await _world.MakeAsync();
        await _world.MakeAsync();
        await RestoreToFirstCheckpointAsync();
        await Should.ThrowAsync<GamekeeperException>(() => _world.Make.RunAsync());

        var outcome = await _world.Make.AfterRestoreAsync(Actor.System(_world.Database.Clock));
        var resumed = outcome.ShouldBeOfType<MakeCheckpointOutcome.Made>().Checkpoint.Said;
        resumed.Number.ShouldBe(4);
        resumed.Previous!.Number.ShouldBe(1);
        resumed.Abandons.ShouldBe(new NumberRange(2, 3));
        foreach (var since in new[] { 2, 3, 4 })
            (await _world.ChainAsync(since)).ShouldBeEmpty("the one before is looked up, whatever was lost between");
        await _world.Grid.MintAsync(_a, 2);
        (await _world.MakeAsync()).Number.ShouldBe(5);
        await _world.HoldsAsync();
        (await _world.Database.ScalarAsync<string>(TestRole.Superuser, "select subject from core.activity_log where action = 'checkpoint.after-restore'")).ShouldBe("2-3");
    }

    // What a restore does to rows: all that came after is gone, the checkpoints too.
    private async Task<long> RestoreToFirstCheckpointAsync()
    {
        var first = (await _world.Grid.Get<CheckpointRepository>().FindAsync(1))!.Said.Sources.ToDictionary(s => s.Name, s => s.Through);
        await _world.AttackAsync(
            $"""
            delete from summoners_grid.audit_log where id > {first["summoners_grid.audit_log"]};
            delete from core.audit_log where id > {first["core.audit_log"]};
            delete from summoners_grid.card_instances c using summoners_grid.ownership_history h, summoners_grid.ownership_operations o
            where h.card_instance_id = c.id and o.id = h.operation_id and o.sequence > {first["summoners_grid.ownership_operations"]};
            delete from summoners_grid.ownership_operations where sequence > {first["summoners_grid.ownership_operations"]};
            delete from core.checkpoints where number > 1
            """
        );
        (await _world.RowsAsync()).ShouldBeEmpty("the database by itself is sound");
        return 1;
    }

    private async Task JobSaysAsync(string what)
    {
        var ran = (await _world.RunJobAsync()).ShouldBeOfType<RunNowOutcome.Ran>();
        ran.Succeeded.ShouldBeFalse("the job must fail loudly");
        ran.Said.ShouldContain(what);
        var daily = (await _world.RunJobAsync("core.check-checkpoints")).ShouldBeOfType<RunNowOutcome.Ran>();
        daily.Succeeded.ShouldBeFalse();
    }
}
