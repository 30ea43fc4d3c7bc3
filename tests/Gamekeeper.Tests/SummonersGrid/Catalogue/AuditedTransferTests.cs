using System.Text.Json;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>A transfer and its trail are one: both there or neither.</summary>
public sealed class AuditedTransferTests : IAsyncLifetime
{
    private GridWorld _world = null!;
    private Actor _a = null!;
    private Actor _b = null!;
    private Guid _card;
    private long _before;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        (_a, _b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        _card = (await _world.MintAsync(_a, 1))[0];
        _before = await _world.Database.ScalarAsync<long>(TestRole.Auditor, "select max(id) from summoners_grid.audit_log");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_transfer_leaves_rows_for_card_and_history_in_its_own_transaction()
    {
        await _world.TransferAsync(_card, _a, _b);

        (await NewRowsAsync("table_name || ' ' || action")).Order().ShouldBe(
            ["card_instances UPDATE", "ownership_history INSERT", "ownership_operations INSERT"]
        );
        var moved = await _world.Database.ScalarAsync<string>(
            TestRole.Superuser,
            $"select xmin::text from summoners_grid.card_instances where id = '{_card}'"
        );
        (await NewRowsAsync("xmin::text")).Distinct().ShouldBe([moved!]);
        (await NewRowsAsync("user_id || ' ' || actor_kind || ' ' || request_id")).Distinct().ShouldBe([$"{_a.Id} player {_a.RequestId}"]);
    }

    [Fact]
    public async Task The_images_show_the_card_before_and_after_and_the_new_event()
    {
        await _world.TransferAsync(_card, _a, _b);

        var card = await ImagesAsync("card_instances");
        card.Old!.Value.GetProperty("owner_id").GetGuid().ShouldBe(_a.Key);
        card.New!.Value.GetProperty("owner_id").GetGuid().ShouldBe(_b.Key);
        card.Old.Value.GetProperty("events").GetInt32().ShouldBe(1);
        card.New.Value.GetProperty("events").GetInt32().ShouldBe(2);
        var history = await ImagesAsync("ownership_history");
        history.Old.ShouldBeNull();
        history.New!.Value.GetProperty("new_owner_id").GetGuid().ShouldBe(_b.Key);
    }

    [Fact]
    public async Task A_transfer_that_is_rolled_back_leaves_no_row()
    {
        // Fails at the last moment, when everything has been written and only the commit is missing.
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            """
            create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'not today'; end $$;
            create constraint trigger fails_at_commit after insert on summoners_grid.ownership_history
              deferrable initially deferred for each row execute function public.fail();
            """
        );

        var transfer = _world.Get<TransferCard>().RunAsync(_a, _card, _a.Key, _b.Key, "gift", _world.NewKey());
        (await Should.ThrowAsync<Exception>(transfer)).ToString().ShouldContain("not today");

        (await NewRowsAsync("action")).ShouldBeEmpty();
        (await _world.OwnerOfAsync(_card)).ShouldBe(_a.Key);
    }

    [Fact]
    public async Task Raw_sql_has_images_and_no_actor_even_after_a_request_on_the_same_connection()
    {
        await using var connection = await _world.Database.OpenAsync(TestRole.App);
        foreach (
            var sql in new[]
            {
                "begin",
                "select core.set_actor(gen_random_uuid(), 'player', gen_random_uuid())",
                "commit",
                $"update summoners_grid.card_instances set last_transferred = now() where id = '{_card}'",
            }
        )
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        (await NewRowsAsync("action || coalesce(user_id::text, '-') || coalesce(actor_kind, '-') || coalesce(request_id::text, '-')"))
            .ShouldBe(["UPDATE---"]);
    }

    [Fact]
    public async Task Deleting_leaves_the_old_image_alone()
    {
        await _world.Database.ExecuteAsync(TestRole.Owner, $"delete from summoners_grid.card_instances where id = '{_card}'");

        var image = await ImagesAsync("card_instances");
        image.Old!.Value.GetProperty("id").GetGuid().ShouldBe(_card);
        image.New.ShouldBeNull();
        (await ImagesAsync("ownership_history")).Old!.Value.GetProperty("card_instance_id").GetGuid().ShouldBe(_card);
    }

    private Task<IReadOnlyList<string>> NewRowsAsync(string what) =>
        _world.Database.ListAsync<string>(TestRole.Auditor, $"select {what} from summoners_grid.audit_log where id > {_before} order by id");

    private async Task<(JsonElement? Old, JsonElement? New)> ImagesAsync(string table)
    {
        var image = await _world.Database.ScalarAsync<string>(
            TestRole.Auditor,
            $"select jsonb_build_array(old_values, new_values)::text from summoners_grid.audit_log where id > {_before} and table_name = '{table}'"
        );
        var both = JsonDocument.Parse(image!).RootElement;
        return (NullWhenAbsent(both[0]), NullWhenAbsent(both[1]));
    }

    private static JsonElement? NullWhenAbsent(JsonElement image) => image.ValueKind == JsonValueKind.Null ? null : image;
}
