using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Operations.Monitoring;

/// <summary>Which indexes stand in for which, on one table that is planted anew for each case.</summary>
public sealed class AlikeIndexesTests(AlikeIndexesTests.Shared shared) : IClassFixture<AlikeIndexesTests.Shared>
{
    [Theory]
    // Another condition, or none, is another index.
    [InlineData("create index a on scratch.things (price); create index b on scratch.things (price) where price > 0; create index c on scratch.things (price, name) where price > 1")]
    // Another operator class answers other questions.
    [InlineData("create index a on scratch.things (name); create index b on scratch.things (name text_pattern_ops, price)")]
    // Another collation sorts otherwise.
    [InlineData("create index a on scratch.things (name); create index b on scratch.things (name collate \"en-x-icu\", price)")]
    // Unique is a promise, and not for speed.
    [InlineData("create unique index a on scratch.things (price, id); create index b on scratch.things (price, id, name)")]
    [InlineData("create unique index a on scratch.things (price); create unique index b on scratch.things (price) nulls not distinct")]
    [InlineData("alter table scratch.things add constraint a unique (price); create index b on scratch.things (price, name)")]
    // It carries what the other does not.
    [InlineData("create index a on scratch.things (price) include (name); create index b on scratch.things (price, made_at)")]
    [InlineData("create index a on scratch.things (price, name); create index b on scratch.things (price, name desc)")]
    [InlineData("create index a on scratch.things (lower(name)); create index b on scratch.things (upper(name)); create index c on scratch.things (name, price)")]
    [InlineData("create index a on scratch.things using hash (price); create index b on scratch.things (price)")]
    [InlineData("create index a on scratch.things using brin (price); create index b on scratch.things using brin (price) with (pages_per_range = 8)")]
    public async Task What_only_looks_alike_is_left_alone(string indexes)
    {
        await shared.PlantAsync(indexes);

        var advice = await shared.Database.AdviceAsync("scratch");

        advice.Told("duplicate-index").ShouldBeEmpty();
        advice.Told("prefix-index").ShouldBeEmpty();
        advice.Told("invalid-index").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("create unique index a on scratch.things (price); create index b on scratch.things (price)", "duplicate-index", "b")]
    [InlineData("alter table scratch.things add constraint z unique (price); create unique index a on scratch.things (price)", "duplicate-index", "a")]
    [InlineData("create index a on scratch.things (price, name desc); create index b on scratch.things (price desc, name)", "duplicate-index", "b")]
    [InlineData("create index a on scratch.things (price); create index b on scratch.things (price) include (name)", "duplicate-index", "a")]
    [InlineData("create index a on scratch.things (lower(name)) where price > 0; create index b on scratch.things (lower(name)) where price > 0", "duplicate-index", "b")]
    [InlineData("create index a on scratch.things using gin (name gin_trgm_ops); create index b on scratch.things using gin (name gin_trgm_ops)", "duplicate-index", "b")]
    [InlineData("create index a on scratch.things (price) include (name); create index b on scratch.things (price, name)", "prefix-index", "a")]
    [InlineData("create index a on scratch.things (lower(name)) where price > 0; create index b on scratch.things (lower(name), price) where price > 0", "prefix-index", "a")]
    [InlineData("create index a on scratch.things (price); create unique index b on scratch.things (price, name)", "prefix-index", "a")]
    public async Task What_another_index_serves_is_told(string indexes, string check, string index)
    {
        await shared.PlantAsync(indexes);

        var told = (await shared.Database.AdviceAsync("scratch")).Findings.Where(f => f.Check is "duplicate-index" or "prefix-index").ShouldHaveSingleItem();

        (told.Check, told.Index).ShouldBe((check, index));
        told.Ddl.ShouldBe($"drop index concurrently scratch.{index};");
    }

    [Theory]
    [InlineData("create index a on scratch.things (owner_id)", true)]
    [InlineData("create index a on scratch.things (owner_id, price desc)", true)]
    [InlineData("create index a on scratch.things using hash (owner_id)", true)]
    [InlineData("create index a on scratch.things (owner_id) where owner_id is not null", true)]
    [InlineData("create index a on scratch.things (owner_id) where price > 0", false)]
    [InlineData("create index a on scratch.things (price, owner_id)", false)]
    [InlineData("create index a on scratch.things (price) include (owner_id)", false)]
    [InlineData("create index a on scratch.things ((owner_id + 0))", false)]
    [InlineData("create index a on scratch.things using brin (owner_id)", false)]
    public async Task A_foreign_key_is_served_by_what_its_check_can_use(string index, bool serves)
    {
        await shared.PlantAsync(index);

        (await shared.Database.AdviceAsync("scratch")).Told("unindexed-foreign-key").Any().ShouldBe(!serves);
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal TestDatabase Database { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Database = await TestDatabase.CreateAsync(ScratchSchema.Strict());

        public ValueTask DisposeAsync() => Database.DisposeAsync();

        internal Task PlantAsync(string indexes) =>
            Database.ExecuteAsync(TestRole.Owner, "drop schema if exists scratch cascade;" + OptimizeIndexesTests.Tables + "set search_path = scratch, public;" + indexes);
    }
}
