using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;
using Npgsql;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>Which tables are audited, what stays out of the images, and who may not touch what was written.</summary>
public sealed class AuditedTablesTests(CatalogueDatabase shared) : IClassFixture<CatalogueDatabase>
{
    private readonly TestDatabase _database = shared.Database;

    [Theory]
    [InlineData("core", "account_keys", "accounts", "external_ids", "imports", "service_keys", "signing_keys")]
    [InlineData("summoners_grid", "card_instances", "card_templates", "compensated_events", "compensations", "decks", "friendships", "game_sessions", "imports", "ownership_history", "ownership_operations", "trade_proposals", "users")]
    public async Task Whatever_holds_users_ownership_or_rights_has_a_trigger_for_each_event(string schema, params string[] tables)
    {
        var expected = tables.SelectMany(t => new[] { "delete", "insert", "update" }.Select(e => $"audit_{t}_{e} after {e} on {t}"));

        // Bits of tgtype: 1 row, 2 before, 4 insert, 8 delete, 16 update.
        (await _database.ListAsync<string>(
            TestRole.Superuser,
            $"""
            select t.tgname || ' after ' || case t.tgtype when 4 then 'insert' when 8 then 'delete' when 16 then 'update' else t.tgtype::text end
              || ' on ' || c.relname
            from pg_trigger t
            join pg_class c on c.oid = t.tgrelid
            where c.relnamespace = '{schema}'::regnamespace
              and t.tgfoid = '{schema}.audit_trigger()'::regprocedure
              and t.tgenabled = 'O'
            order by c.relname, t.tgname
            """
        )).ShouldBe(expected);
    }

    // The first argument is the logical table, the second the key, the others stay out of the images.
    [Fact]
    public async Task Every_personal_or_secret_column_of_an_audited_table_stays_out_of_every_image()
    {
        const string audited = """
            select t.tgname, c.oid as tgrelid, string_to_array(encode(t.tgargs, 'escape'), '\000') as arguments
            from pg_trigger t
            join pg_class c on c.oid = t.tgrelid and c.relnamespace in ('core'::regnamespace, 'summoners_grid'::regnamespace)
            join pg_proc p on p.oid = t.tgfoid and p.proname = 'audit_trigger'
            """;
        const string guarded = $"""
            select t.tgname || ' ' || a.attname
            from ({audited}) t
            join pg_attribute a on a.attrelid = t.tgrelid and a.attnum > 0 and not a.attisdropped
            where col_description(a.attrelid, a.attnum) ~ '^(personal|secret):'
            """;

        (await _database.ListAsync<string>(TestRole.Superuser, guarded)).ShouldContain("audit_trade_proposals_update message");
        (await _database.ListAsync<string>(TestRole.Superuser, $"{guarded} and not a.attname = any (t.arguments[3:])")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_players_write_is_in_no_image()
    {
        var world = shared.World;
        var (a, b) = (await world.NewPlayerAsync(), await world.NewPlayerAsync());
        var change = world.Get<ChangeDeck>();
        var deck = await Drafts.CreateAsync(world, a, Drafts.Empty("Jane Doe's") with { Description = "by Jane Doe" });
        (await change.MergeAsync(a, deck.Id, new DeckChange("John Doe's", IsPublic: true))).ShouldBeOfType<SaveDeckOutcome.Saved>();
        (await change.DeleteAsync(a, deck.Id)).ShouldBeOfType<DeleteDeckOutcome.Deleted>();
        var card = (await world.MintAsync(a, 1))[0];
        await _database.ExecuteAsync(
            TestRole.Superuser,
            $$"""
            insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, expires_at, message)
            values ('{{a.Key}}', '{{b.Key}}', '{{{card}}}', '{}', now() + interval '1 hour', 'call Jane Doe')
            """
        );
        await _database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.trade_proposals set status = 'expired' where message like '%Doe%'");

        var images = await _database.ListAsync<string>(
            TestRole.Auditor,
            "select action || coalesce(old_values::text, '') || coalesce(new_values::text, '') from summoners_grid.audit_log where table_name in ('decks', 'trade_proposals')"
        );

        images.Count.ShouldBe(5);
        images.ShouldAllBe(i => !i.Contains("Doe"));
        images.ShouldContain(i => i.Contains("\"is_public\": true"));
    }

    public static TheoryData<string> AppendOnly =>
        ["audit_log", "activity_log", "ownership_history", "ownership_operations"];

    [Theory]
    [MemberData(nameof(AppendOnly))]
    public async Task The_application_can_only_append(string table)
    {
        foreach (var sql in new[] { $"update summoners_grid.{table} set created_at = now()", $"delete from summoners_grid.{table}", $"truncate summoners_grid.{table} cascade" })
        {
            foreach (var role in new[] { TestRole.App, TestRole.Readonly, TestRole.Auditor })
            {
                var refusal = await Should.ThrowAsync<PostgresException>(_database.ExecuteAsync(role, sql), $"{role}: {sql}");
                refusal.SqlState.ShouldBeOneOf(PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ReadOnlySqlTransaction);
            }
        }
    }

    [Fact]
    public async Task The_application_cannot_write_a_row_of_the_trail_by_hand()
    {
        var refusal = await Should.ThrowAsync<PostgresException>(
            _database.ExecuteAsync(TestRole.App, "insert into summoners_grid.audit_log (table_name, record_id, action) values ('users', 'x', 'INSERT')")
        );

        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task The_application_cannot_change_what_a_card_is()
    {
        foreach (var column in new[] { "id", "template_id", "unique_stats", "acquired_method", "created_at" })
        {
            var refusal = await Should.ThrowAsync<PostgresException>(
                _database.ExecuteAsync(TestRole.App, $"update summoners_grid.card_instances set {column} = {column}"),
                column
            );
            refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }
}
