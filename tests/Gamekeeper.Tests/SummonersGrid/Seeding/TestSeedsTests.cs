using Gamekeeper.Accounts;
using Gamekeeper.Seeding;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Seeding;

public sealed class TestSeedsTests
{
    private const string Counts = """
        select 'accounts ' || count(*) from core.accounts
        union all select 'addresses ' || count(*) from core.email_hashes
        union all select 'players ' || count(*) from summoners_grid.users
        union all select 'templates ' || count(*) from summoners_grid.card_templates
        union all select 'cards ' || count(*) from summoners_grid.card_instances
        union all select 'operations ' || count(*) from summoners_grid.ownership_operations
        union all select 'events ' || count(*) from summoners_grid.ownership_history
        union all select 'decks ' || count(*) from summoners_grid.decks
        union all select 'images ' || count(*) from core.audit_trail
        """;

    [Fact]
    public async Task Seeding_twice_gives_the_same_rows()
    {
        await using var db = await TestDatabase.CreateAsync();

        (await db.Get<Seeder>().RunAsync("summoners_grid")).ShouldBeOfType<SeedOutcome.Seeded>();
        var first = await db.ListAsync<string>(TestRole.Superuser, Counts);
        (await db.Get<Seeder>().RunAsync("summoners_grid")).ShouldBeOfType<SeedOutcome.Seeded>();

        (await db.ListAsync<string>(TestRole.Superuser, Counts)).ShouldBe(first);
        first.ShouldContain("accounts 2");
        first.ShouldContain("players 2");
        first.ShouldContain("decks 2");
        first.ShouldContain("templates 132");
    }

    [Theory]
    [InlineData("testplayer1", "test1@example.com", "Test Player 1")]
    [InlineData("testplayer2", "test2@example.com", "Test Player 2")]
    public async Task Both_test_players_sign_in_by_name_and_by_address(string username, string address, string displayName)
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.Get<Seeder>().RunAsync("summoners_grid");

        foreach (var login in new[] { username, address })
        {
            var signedIn = await db.Get<LoginSessions>().SignInAsync(login, "password123", Actor.System(db.Clock));
            var account = signedIn.ShouldBeOfType<SignInOutcome.SignedIn>().Session.Account;
            (account.Username, account.DisplayName).ShouldBe((username, displayName));
            (await db.Get<LoginSessions>().SignInAsync(login, "password124", Actor.System(db.Clock))).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Where_players_are_there_are_no_published_passwords(string environment)
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Environment: environment));
        var before = await db.ListAsync<string>(TestRole.Superuser, Counts);

        (await db.Get<Seeder>().RunAsync("summoners_grid")).ShouldBeOfType<SeedOutcome.RefusedHere>();

        (await db.ListAsync<string>(TestRole.Superuser, Counts)).ShouldBe(before);
        before.ShouldContain("accounts 0");
    }

    [Fact]
    public async Task An_account_that_bears_the_name_already_keeps_its_password()
    {
        await using var db = await TestDatabase.CreateAsync();
        (await db.Get<SignUp>().RunAsync(new SignUpInput("testplayer1", null, "my own secret 9", null), Actor.System(db.Clock)))
            .ShouldBeOfType<SignUpOutcome.Created>();

        await db.Get<SeedTestPlayers>().RunAsync(CancellationToken.None);

        (await db.Get<LoginSessions>().SignInAsync("testplayer1", "password123", Actor.System(db.Clock))).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        (await db.Get<LoginSessions>().SignInAsync("testplayer1", "my own secret 9", Actor.System(db.Clock))).ShouldBeOfType<SignInOutcome.SignedIn>();
    }
}
