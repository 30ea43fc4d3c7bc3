using Gamekeeper.Operations.Monitoring;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid;
using Npgsql;

namespace Gamekeeper.Tests.Operations.Monitoring;

public sealed class SizesAndColumnsTests
{
    [Fact]
    public async Task Sizes_are_what_postgresql_says_for_every_table_and_every_partition()
    {
        await using var world = await GridWorld.CreateAsync();
        await world.MintAsync(await world.NewPlayerAsync(), 200);
        // Something that does not fit into a row.
        await world.Database.ExecuteAsync(
            TestRole.Superuser,
            "update summoners_grid.card_templates set attributes = jsonb_build_object('long', (select string_agg(gen_random_uuid()::text, '') from generate_series(1, 2000)))");

        var sizes = await world.Database.Get<GetTableSizes>().RunAsync();

        var all = sizes.Concat(sizes.SelectMany(s => s.Partitions)).ToDictionary(s => $"{s.Schema}.{s.Table}");
        var told = await world.Database.ListAsync<string>(
            TestRole.Superuser,
            """
            select concat_ws(' ', n.nspname || '.' || c.relname, sum(pg_total_relation_size(p.id)),
              sum(pg_table_size(p.id) - coalesce(pg_total_relation_size(nullif(t.reltoastrelid, 0)), 0)), sum(pg_indexes_size(p.id)),
              sum(coalesce(pg_total_relation_size(nullif(t.reltoastrelid, 0)), 0)))
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            cross join lateral (select c.oid as id where c.relkind = 'r' union all select relid::oid from pg_partition_tree(c.oid) where c.relkind = 'p') p
            join pg_class t on t.oid = p.id
            where n.nspname in ('core', 'summoners_grid', 'sample_game') and c.relkind in ('r', 'p')
            group by n.nspname, c.relname
            """);
        told.Count.ShouldBeGreaterThan(30);
        all.Values.Select(s => $"{s.Schema}.{s.Table} {s.Total} {s.Heap} {s.Index} {s.Toast}").ShouldBe(told, ignoreOrder: true);
        all["summoners_grid.card_templates"].Toast.ShouldBeGreaterThan(10_000);
        var audit = all["summoners_grid.audit_log"];
        audit.Partitions.Count.ShouldBeGreaterThan(3);
        audit.Total.ShouldBe(audit.Partitions.Sum(p => p.Total));
        audit.Rows.ShouldBe(audit.Partitions.Sum(p => p.Rows));
        sizes.Select(s => s.Total).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task Dead_rows_and_the_last_vacuum_are_told()
    {
        await using var db = await TestDatabase.CreateAsync();
        await using (var connection = await db.OpenAsync(TestRole.Superuser))
        {
            foreach (var sql in new[]
            {
                "insert into sample_game.coins (owner_id, amount) select gen_random_uuid(), n from generate_series(1, 300) n",
                "alter table sample_game.coins disable trigger user",
                "delete from sample_game.coins where amount > 200",
                "select pg_stat_force_next_flush()",
            })
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
            }
        }

        var before = await CoinsAsync();
        before.Rows.ShouldBe(200);
        before.DeadShare.ShouldBe(0.3333, 0.0001);
        before.LastVacuum.ShouldBeNull();
        await db.ExecuteAsync(TestRole.Superuser, "vacuum analyze sample_game.coins");

        var after = await CoinsAsync();
        after.DeadRows.ShouldBe(0);
        after.LastVacuum.ShouldNotBeNull();
        after.LastAnalyze.ShouldNotBeNull();

        async Task<TableSize> CoinsAsync() => (await db.Get<GetTableSizes>().RunAsync()).Single(t => t is { Schema: "sample_game", Table: "coins" });
    }

    [Fact]
    public async Task Columns_are_told_with_figures_and_without_values_behind_forced_row_security_too()
    {
        await using var world = await GridWorld.CreateAsync();
        for (var i = 0; i < 20; i++)
            await world.NewPlayerAsync();
        await world.MintAsync(await world.NewPlayerAsync(), 300);
        await world.Database.ExecuteAsync(TestRole.Superuser, "analyze");
        var columns = world.Database.Get<GetColumnStatistics>();

        var report = await columns.RunAsync();

        var all = report.Items.ToDictionary(c => $"{c.Schema}.{c.Table}.{c.Column}");
        // All differ: PostgreSQL says -1, which is a share of the rows and not a number.
        var id = all["summoners_grid.card_instances.id"];
        id.NDistinct.ShouldBe(-1);
        id.DistinctValues.ShouldBe(300);
        id.NullFraction.ShouldBe(0);
        id.AverageWidth.ShouldBe(16);
        id.Correlation.ShouldNotBeNull().ShouldBeGreaterThan(0.9);
        all["summoners_grid.card_instances.owner_id"].DistinctValues.ShouldBe(1);
        all.ShouldContainKey("core.accounts.username");
        all.ShouldContainKey("summoners_grid.users.username");
        report.Unknown.ShouldNotContain("core.accounts");

        (await columns.RunAsync("core.accounts")).Items.ShouldAllBe(c => c.Schema == "core" && c.Table == "accounts");
        (await columns.RunAsync("core.nothing")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_provisioned_before_tells_what_it_can_and_names_what_it_cannot()
    {
        await using var world = await GridWorld.CreateAsync();
        await world.MintAsync(await world.NewPlayerAsync(), 10);
        await world.Database.ExecuteAsync(TestRole.Superuser, "analyze; revoke all on pg_catalog.pg_statistic from gamekeeper_owner");
        // A whole-table revoke leaves what was granted by column.
        await world.Database.ExecuteAsync(TestRole.Superuser, "revoke select (stanumbers1) on pg_catalog.pg_statistic from gamekeeper_owner");

        var report = await world.Database.Get<GetColumnStatistics>().RunAsync();

        report.Items.ShouldContain(c => c.Table == "card_instances" && c.Column == "id" && c.NDistinct == -1);
        report.Items.ShouldAllBe(c => c.Table != "accounts");
        report.Unknown.ShouldContain("core.accounts");
    }
}
