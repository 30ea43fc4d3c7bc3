using Gamekeeper.Migrations;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

public sealed class ExtensionsTests
{
    private const string Extensions = "select extname || ' ' || extversion || ' ' || oid from pg_extension order by extname";

    [Fact]
    public async Task An_empty_database_gets_the_named_extensions_and_a_second_run_changes_nothing()
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));

        await db.Get<Migrator>().UpAsync();
        var first = await db.ListAsync<string>(TestRole.Superuser, Extensions);
        (await db.Get<Migrator>().UpAsync()).ShouldBeEmpty();

        first.ShouldContain(e => e.StartsWith("uuid-ossp ", StringComparison.Ordinal));
        first.ShouldContain(e => e.StartsWith("pgcrypto ", StringComparison.Ordinal));
        (await db.ListAsync<string>(TestRole.Superuser, Extensions)).ShouldBe(first);
    }

    [Fact]
    public async Task Extensions_that_are_there_already_are_taken_as_they_are()
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));
        await db.ExecuteAsync(TestRole.Superuser, "create extension if not exists \"uuid-ossp\" with schema public; create extension if not exists pgcrypto with schema public");
        var before = await db.ListAsync<string>(TestRole.Superuser, Extensions);

        await db.Get<Migrator>().UpAsync();

        var after = await db.ListAsync<string>(TestRole.Superuser, Extensions);
        before.ShouldAllBe(e => after.Contains(e), "none was made anew");
    }
}
