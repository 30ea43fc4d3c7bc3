using Gamekeeper.Operations.Monitoring;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gamekeeper.Tests.Operations.Monitoring;

public sealed class OptimizeIndexesTests
{
    internal const string Tables =
        """
        create schema scratch;
        create table scratch.owners (id int primary key, code text not null, constraint owners_code_once unique (code));
        create table scratch.things (
          id int primary key, owner_id int, maker_id int, "Odd One" int, code text, name text, price int, made_at timestamptz,
          constraint things_owner_fkey foreign key (owner_id) references scratch.owners (id)
        );
        """;

    [Fact]
    public async Task Our_own_schema_gives_no_reason_for_a_finding()
    {
        await using var db = await TestDatabase.CreateAsync();

        var advice = await db.Get<OptimizeIndexes>().RunAsync();

        advice.Findings.ShouldBeEmpty();
        // What is too young to be judged says so.
        advice.NotJudged.ShouldHaveSingleItem().Check.ShouldBe("unused-index");
    }

    [Fact]
    public async Task What_is_planted_is_found_with_reason_and_a_remedy_that_works()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict());
        await db.ExecuteAsync(
            TestRole.Owner,
            Tables
                + """
                create index idx_things_price on scratch.things (price, name);
                create index idx_things_price_again on scratch.things (price, name);
                create index idx_things_made on scratch.things (made_at);
                create index idx_things_made_name on scratch.things (made_at desc, name);
                insert into scratch.owners select n, n from generate_series(1, 10) n;
                insert into scratch.things (id, owner_id, code) select n, n % 10 + 1, 'same' from generate_series(1, 1000) n;
                """);
        await Should.ThrowAsync<PostgresException>(db.ExecuteAsync(TestRole.Owner, "create unique index concurrently idx_things_code on scratch.things (code)"));

        var advice = await db.AdviceAsync("scratch");

        advice.Told("unindexed-foreign-key").ShouldBe(["things"]);
        advice.Told("invalid-index").ShouldBe(["idx_things_code"]);
        advice.Told("duplicate-index").ShouldBe(["idx_things_price_again"]);
        // A b-tree is read from either end, so one that descends serves too.
        advice.Told("prefix-index").ShouldBe(["idx_things_made"]);
        advice.Told("unused-index").ShouldBe(["idx_things_made", "idx_things_made_name", "idx_things_price", "idx_things_price_again"]);
        advice.Findings.ShouldAllBe(f => f.Threshold.Length > 0 && f.Reason.Length > 20 && f.Schema == "scratch" && f.EstimatedBytes >= 0);
        var missing = advice.Findings.Single(f => f.Check == "unindexed-foreign-key");
        missing.Ddl.ShouldBe("create index concurrently idx_things_owner on scratch.things (owner_id);");
        advice.Findings.Single(f => f.Check == "duplicate-index").Ddl.ShouldBe("drop index concurrently scratch.idx_things_price_again;");

        // The remedies, one by one, leave nothing to say but of what nobody reads.
        await db.ExecuteAsync(TestRole.Owner, "update scratch.things set code = id");
        foreach (var finding in advice.Findings.Where(f => f.Check != "unused-index"))
            await db.ExecuteAsync(TestRole.Owner, finding.Ddl!);
        (await db.AdviceAsync("scratch")).Findings.Select(f => f.Check).Distinct().ShouldBe(["unused-index"]);
    }

    [Fact]
    public async Task Keys_of_several_columns_on_odd_names_and_partitions_are_told_with_sql_that_runs()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict());
        await db.ExecuteAsync(
            TestRole.Owner,
            """
            create schema "Odd.schema";
            create table "Odd.schema".pairs (a int, "B b" text, primary key (a, "B b"));
            create table "Odd.schema"."Points to" (id int, "user" int, "B b" text, day date,
              constraint points_fkey foreign key ("user", "B b") references "Odd.schema".pairs) partition by range (day);
            create table "Odd.schema"."Points to_1" partition of "Odd.schema"."Points to" for values from ('2026-01-01') to ('2026-02-01');
            create table "Odd.schema"."Points to_2" partition of "Odd.schema"."Points to" for values from ('2026-02-01') to ('2026-03-01');
            """);

        var finding = (await db.AdviceAsync("Odd.schema")).Findings.ShouldHaveSingleItem();
        finding.Table.ShouldBe("Points to");
        foreach (var statement in finding.Ddl!.Split('\n'))
            await db.ExecuteAsync(TestRole.Owner, statement);

        (await db.AdviceAsync("Odd.schema")).Findings.Where(f => f.Check != "unused-index").ShouldBeEmpty();
        (await db.ListAsync<string>(TestRole.Owner, "select relname::text from pg_class where relkind = 'I'")).ShouldContain("idx_points_to_user_b_b");
    }

    [Fact]
    public async Task An_index_that_serves_a_promise_a_key_or_a_query_is_not_unused()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict());
        await db.ExecuteAsync(
            TestRole.Owner,
            Tables
                + """
                create index idx_things_owner on scratch.things (owner_id);
                create unique index idx_things_maker on scratch.things (maker_id);
                create index idx_things_price on scratch.things (price);
                create index idx_things_name on scratch.things (name);
                """);
        await using (var reader = await db.OpenAsync(TestRole.Owner))
        {
            await using var command = new NpgsqlCommand("set enable_seqscan = off; select 1 from scratch.things where price = 1; select pg_stat_force_next_flush()", reader);
            await command.ExecuteNonQueryAsync();
        }

        (await db.AdviceAsync("scratch")).Told("unused-index").ShouldBe(["idx_things_name"]);
    }

    [Fact]
    public async Task Young_counters_small_indexes_and_replicas_keep_unused_ones_from_being_judged()
    {
        await using var young = await TestDatabase.CreateAsync();
        var why = (await young.AdviceAsync("summoners_grid")).NotJudged.ShouldHaveSingleItem();
        why.Why.ShouldContain("too young");
        why.Why.ShouldContain("30 days");

        await using var small = await TestDatabase.CreateAsync(ScratchSchema.Strict(o => o.UnusedMinBytes = 1024 * 1024));
        (await small.AdviceAsync("summoners_grid")).Findings.ShouldBeEmpty();

        var followed = ScratchSchema.Strict();
        await using var db = await TestDatabase.CreateAsync(
            followed with
            {
                Configure = services =>
                {
                    followed.Configure!(services);
                    services.Configure<Gamekeeper.Transactions.GameDatabaseOptions>(o => o.ReplicaConnectionString = o.ConnectionString);
                },
            });
        var advice = await db.AdviceAsync("summoners_grid");
        advice.Findings.ShouldBeEmpty();
        advice.NotJudged.ShouldHaveSingleItem().Why.ShouldContain("Replicas");
    }

    [Fact]
    public async Task An_index_kept_on_purpose_is_listed_as_such()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict());
        await db.ExecuteAsync(
            TestRole.Owner,
            Tables
                + """
                create index idx_things_owner on scratch.things (owner_id);
                create index idx_things_owner_price on scratch.things (owner_id, price);
                comment on index scratch.idx_things_owner is 'kept: the documents name it';
                comment on index scratch.idx_things_owner_price is 'newest first';
                """);

        var advice = await db.AdviceAsync("scratch");

        advice.Kept.ShouldContain(new KeptIndex("prefix-index", "scratch", "idx_things_owner", "the documents name it"));
        advice.Findings.ShouldAllBe(f => f.Index != "idx_things_owner");
    }

    [Fact]
    public async Task A_large_table_that_is_often_read_from_end_to_end_is_told()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict(o => (o.ManyRows, o.ManyScans) = (100, 10)));
        await db.ExecuteAsync(TestRole.Owner, Tables + "insert into scratch.things (id) select n from generate_series(1, 200) n; create index idx_things_owner on scratch.things (owner_id)");
        await using var reader = await db.OpenAsync(TestRole.Owner);
        await ScanAsync("select count(*) from scratch.things where price = 1", 5);
        (await db.AdviceAsync("scratch")).Told("many-sequential-scans").ShouldBeEmpty();

        await ScanAsync("select count(*) from scratch.things where price = 1", 10);
        var told = (await db.AdviceAsync("scratch")).Findings.Single(f => f.Check == "many-sequential-scans");
        told.Table.ShouldBe("things");
        told.Reason.ShouldContain("reads from end to end of");
        told.Ddl.ShouldBeNull();

        // Looks that stop at once bring the mean down to what does not matter.
        await ScanAsync("select 1 from scratch.things limit 1", 200);
        (await db.AdviceAsync("scratch")).Told("many-sequential-scans").ShouldBeEmpty();

        async Task ScanAsync(string sql, int times)
        {
            for (var i = 0; i < times; i++)
            {
                await using var command = new NpgsqlCommand(sql, reader);
                await command.ExecuteScalarAsync();
            }
            await using var flush = new NpgsqlCommand("select pg_stat_force_next_flush()", reader);
            await flush.ExecuteScalarAsync();
        }
    }

    [Fact]
    public async Task An_index_that_is_being_built_is_not_called_a_leftover()
    {
        await using var db = await TestDatabase.CreateAsync(ScratchSchema.Strict());
        await db.ExecuteAsync(TestRole.Owner, Tables + "insert into scratch.things (id) values (1)");
        await using var slow = await db.OpenAsync(TestRole.Owner);
        await using var open = await slow.BeginTransactionAsync();
        await using (var write = new NpgsqlCommand("update scratch.things set price = 1", slow))
            await write.ExecuteNonQueryAsync();
        var build = db.ExecuteAsync(TestRole.Owner, "create index concurrently idx_things_price on scratch.things (price)");
        await Soon.TrueAsync(
            () => db.ScalarAsync<bool>(TestRole.Owner, "select exists (select from pg_class where relname = 'idx_things_price')"),
            "the index is there and not yet valid");

        var advice = await db.AdviceAsync("scratch");

        advice.Told("invalid-index").ShouldBeEmpty();
        advice.NotJudged.ShouldContain(n => n.Check == "invalid-index" && n.Index == "idx_things_price");
        await open.CommitAsync();
        await build;
        (await db.AdviceAsync("scratch")).NotJudged.ShouldBeEmpty();
    }
}
