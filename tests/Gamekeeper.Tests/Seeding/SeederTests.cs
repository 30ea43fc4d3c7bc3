using Gamekeeper.Seeding;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Seeding;

public sealed class SeederTests
{
    [Fact]
    public async Task Seeding_twice_gives_the_same_rows()
    {
        await using var db = await TestDatabase.CreateAsync();
        const string Rows = "select md5(string_agg(c::text, ',' order by id)) from sample_game.coins c";

        var first = (await db.Get<Seeder>().RunAsync("sample_game")).ShouldBeOfType<SeedOutcome.Seeded>();
        var rows = await db.ScalarAsync<string>(TestRole.App, Rows);
        var second = (await db.Get<Seeder>().RunAsync("sample_game")).ShouldBeOfType<SeedOutcome.Seeded>();

        first.Results.Single().ShouldBe(new SeedResult("sample_game", "sample_game.purses", "3 purses: 3 inserted"));
        second.Results.Single().Said.ShouldBe("3 purses: 0 inserted");
        (await db.ScalarAsync<string>(TestRole.App, Rows)).ShouldBe(rows);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Where_players_are_nothing_is_seeded(string environment)
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Environment: environment));

        (await db.Get<Seeder>().RunAsync()).ShouldBeOfType<SeedOutcome.RefusedHere>();

        (await db.ScalarAsync<long>(TestRole.App, "select count(*) from sample_game.coins")).ShouldBe(0);
    }
}
