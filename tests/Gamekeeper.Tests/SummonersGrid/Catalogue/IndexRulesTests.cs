using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>Rules over the indexes of every schema, walked in the catalogues. Each is seen to find what it looks for.</summary>
public sealed class IndexRulesTests
{
    // Same table, method, condition and expressions, and its columns are the first ones of the other's. A unique index is there for
    // its promise and not for speed. A partition's indexes are its parent's.
    private const string Prefixes = """
        select narrow.indexrelid::regclass || ' begins ' || wide.indexrelid::regclass
        from pg_index narrow
        join pg_class nc on nc.oid = narrow.indexrelid and not nc.relispartition
        join pg_index wide on wide.indrelid = narrow.indrelid and wide.indexrelid <> narrow.indexrelid
        join pg_class wc on wc.oid = wide.indexrelid and wc.relam = nc.relam
        join pg_am am on am.oid = nc.relam and am.amname = 'btree'
        join pg_namespace s on s.oid = nc.relnamespace and s.nspname !~ '^pg_' and s.nspname <> 'information_schema'
        where not narrow.indisunique
          and narrow.indnkeyatts <= wide.indnkeyatts
          and pg_get_expr(narrow.indpred, narrow.indrelid) is not distinct from pg_get_expr(wide.indpred, wide.indrelid)
          and not exists (
            select
            from generate_series(1, narrow.indnkeyatts) i
            where pg_get_indexdef(narrow.indexrelid, i, false) <> pg_get_indexdef(wide.indexrelid, i, false)
          )
        """;

    // Deleting a row looks for those that point to it. A partial index serves when it leaves out nothing but nulls.
    private const string Unindexed = """
        select k.conname || ' on ' || k.conrelid::regclass
        from pg_constraint k
        join pg_namespace s on s.oid = k.connamespace and s.nspname !~ '^pg_' and s.nspname <> 'information_schema'
        where k.contype = 'f'
          and k.conparentid = 0
          and not exists (
            select
            from pg_index i
            where i.indrelid = k.conrelid
              and i.indisvalid
              and i.indnkeyatts >= cardinality(k.conkey)
              and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
              and (
                i.indpred is null
                or pg_get_expr(i.indpred, i.indrelid) in (
                  select format('(%s IS NOT NULL)', quote_ident(a.attname))
                  from pg_attribute a
                  where a.attrelid = k.conrelid and a.attnum = any (k.conkey)
                )
              )
          )
        """;

    private const string Broken = """
        select indexrelid::regclass::text from pg_index where not indisvalid or not indisready
        """;

    [Fact]
    public async Task No_index_only_begins_another()
    {
        await using var db = await TestDatabase.CreateAsync();
        (await db.ListAsync<string>(TestRole.Superuser, Prefixes)).ShouldBeEmpty();

        await db.ExecuteAsync(TestRole.Superuser, "create index idx_card_instances_owner on summoners_grid.card_instances (owner_id)");

        (await db.ListAsync<string>(TestRole.Superuser, Prefixes)).Order().ShouldBe(
            [
                "summoners_grid.idx_card_instances_owner begins summoners_grid.idx_card_instances_owner_newest",
                "summoners_grid.idx_card_instances_owner begins summoners_grid.idx_card_instances_owner_template",
            ]
        );
    }

    [Fact]
    public async Task Every_foreign_key_has_an_index()
    {
        await using var db = await TestDatabase.CreateAsync();
        (await db.ListAsync<string>(TestRole.Superuser, Unindexed)).ShouldBeEmpty();
        (await db.ScalarAsync<long>(TestRole.Superuser, "select count(*) from pg_constraint where contype = 'f'")).ShouldBeGreaterThan(15);

        await db.ExecuteAsync(TestRole.Superuser, "drop index summoners_grid.idx_trade_proposals_operation; drop index summoners_grid.idx_ownership_history_new_owner");

        (await db.ListAsync<string>(TestRole.Superuser, Unindexed)).Order().ShouldBe(
            [
                "ownership_history_new_owner_id_fkey on summoners_grid.ownership_history",
                "trade_proposals_operation_id_fkey on summoners_grid.trade_proposals",
            ]
        );
    }

    [Fact]
    public async Task No_index_is_left_half_built()
    {
        await using var db = await TestDatabase.CreateAsync();
        (await db.ListAsync<string>(TestRole.Superuser, Broken)).ShouldBeEmpty();

        await db.ExecuteAsync(TestRole.Superuser, "update pg_index set indisvalid = false where indexrelid = 'summoners_grid.idx_decks_owner'::regclass");

        (await db.ListAsync<string>(TestRole.Superuser, Broken)).ShouldBe(["summoners_grid.idx_decks_owner"]);
    }
}
