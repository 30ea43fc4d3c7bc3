using Gamekeeper.Simulation.Ownership;

namespace Gamekeeper.Tests.Simulation.Ownership;

public sealed class ShortfallsTests
{
    private static readonly ProofPlan Plan = new(Seed: 1, Operations: 100, Kills: 2, Clients: 16, Servers: 2);
    private static readonly Shares Enough = new(100, Contending: 0.3, Rivals: 0.2, SentAtOnce: 1, SentAgain: 1);
    private static readonly Kill Busy = new(1, "backend", 50, RequestsInFlight: 1, OpenTransactions: 1, Committing: 0, Unanswered: 1, SecondsDown: 1);
    private static readonly Kill AtCommit = Busy with { Number = 2, Victim = "postmaster", Committing = 1 };

    [Fact]
    public void What_is_just_enough_is_a_proof()
    {
        Shortfalls.Of(Plan, Enough, [Busy, AtCommit]).ShouldBeEmpty();
        Shortfalls.Of(Plan with { Kills = 0 }, Enough, []).ShouldBeEmpty();
    }

    [Fact]
    public void Each_thing_that_was_not_tried_is_named()
    {
        Of(Enough with { Contending = 0.299 }).ShouldContain("hot cards");
        Of(Enough with { Rivals = 0.199 }).ShouldContain("rival");
        Of(Enough with { SentAtOnce = 0 }).ShouldContain("twice at once");
        Of(Enough with { SentAgain = 0 }).ShouldContain("sent again");
        Of(Enough, AtCommit).ShouldContain("1 of 2 kills");
        Of(Enough, Busy with { RequestsInFlight = 0 }, AtCommit).ShouldContain("kill 1, backend, found no write in flight");
        Of(Enough, Busy with { OpenTransactions = 0 }, AtCommit).ShouldContain("kill 1, backend, found no transaction open");
        Of(Enough, Busy, AtCommit with { Committing = 0 }).ShouldContain("COMMIT");
    }

    private static string Of(Shares shares) => Of(shares, Busy, AtCommit);

    private static string Of(Shares shares, params Kill[] kills) => Shortfalls.Of(Plan, shares, kills).ShouldHaveSingleItem();
}
