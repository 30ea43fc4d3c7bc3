using Gamekeeper.Accounts;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Trading;

/// <summary>What a trade is refused for; nothing changes by it.</summary>
public sealed class TradeRefusalTests : TwoTraders
{
    [Fact]
    public async Task Only_the_target_accepts_and_strangers_learn_nothing()
    {
        var stranger = await World.NewPlayerAsync();
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        (await World.AcceptAsync(A, trade)).ShouldBeOfType<AcceptTradeOutcome.NotTheTarget>();
        (await World.AcceptAsync(stranger, trade)).ShouldBeOfType<AcceptTradeOutcome.Unknown>();
        (await World.Get<TradeRepository>().FindAsync(stranger, trade.Id)).ShouldBeNull();
        (await World.Get<AcceptTrade>().RunAsync(B, Guid.CreateVersion7(), World.NewKey())).ShouldBeOfType<AcceptTradeOutcome.Unknown>();
    }

    [Fact]
    public async Task A_bad_offer_names_the_field_and_the_limit_and_changes_nothing()
    {
        var propose = World.Get<ProposeTrade>();
        var many = Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7()).ToList();
        await RefusedAsync(new TradeOffer(A.Key, [As[0]], []), "targetId", "yourself");
        await RefusedAsync(new TradeOffer(B.Key, [], []), "offeredCards", "at least 1 card");
        await RefusedAsync(new TradeOffer(B.Key, many, []), "offeredCards", "names 101 cards; it takes at most 100");
        await RefusedAsync(new TradeOffer(B.Key, [], many), "requestedCards", "names 101 cards; it takes at most 100");
        await RefusedAsync(new TradeOffer(B.Key, [As[0], As[0]], []), "offeredCards", "twice");
        await RefusedAsync(new TradeOffer(B.Key, [As[0]], [], Message: new string('x', 501)), "message", "500");
        await RefusedAsync(new TradeOffer(B.Key, [As[0]], [], World.Database.Clock.GetUtcNow().AddDays(-1)), "expiresAt", "future");
        await RefusedAsync(new TradeOffer(B.Key, [As[0]], [], World.Database.Clock.GetUtcNow().AddDays(31)), "expiresAt", "30 days");
        (await propose.RunAsync(A, new TradeOffer(B.Key, [Bs[0]], []), World.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.NotOwned>()
            .Cards.ShouldBe([Bs[0]]);
        (await propose.RunAsync(A, new TradeOffer(B.Key, [As[0]], [Guid.Empty]), World.NewKey())).ShouldBeOfType<ProposeTradeOutcome.NotOwned>();
        (await propose.RunAsync(A, new TradeOffer(Guid.CreateVersion7(), [As[0]], []), World.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.UnknownPlayer>();
        (await World.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.trade_proposals")).ShouldBe(0);

        async Task RefusedAsync(TradeOffer offer, string field, string problem)
        {
            var outcome = await propose.RunAsync(A, offer, World.NewKey());
            outcome
                .ShouldBeOfType<ProposeTradeOutcome.Invalid>()
                .Errors.ShouldContain(e => e.Field == field && e.Problem.Contains(problem, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_player_has_at_most_200_open_offers()
    {
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, expires_at)
            select '{A.Key}', '{B.Key}', array['{As[0]}']::uuid[], '{"{}"}', now() + interval '1 day' from generate_series(1, 200)
            """
        );
        (await World.Get<ProposeTrade>().RunAsync(A, new TradeOffer(B.Key, [As[1]], []), World.NewKey()))
            .ShouldBe(new ProposeTradeOutcome.TooManyOpen(200));
        await World.TransferAsync(As[0], A, B);
        (await World.Get<ProposeTrade>().RunAsync(A, new TradeOffer(B.Key, [As[1]], []), World.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.Proposed>();
    }

    [Fact]
    public async Task A_card_with_an_unreadable_signature_is_refused_and_not_a_failure()
    {
        var trade = await World.ProposeAsync(A, B, [As[0]], []);
        await World.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.card_instances set signature = repeat('x', 64) where id = '{As[0]}'"
        );
        (await World.AcceptAsync(B, trade)).ShouldBe(new AcceptTradeOutcome.CardDamaged(As[0]));
        (await World.Get<TransferCard>().RunAsync(A, As[0], A.Key, B.Key, "gift", World.NewKey()))
            .ShouldBeOfType<TransferCardOutcome.CardDamaged>();
    }

    [Fact]
    public async Task A_player_cannot_write_another_method_into_a_card_s_history()
    {
        foreach (var method in new[] { "trade", "pack_opening", "attestation", "theft", "gift\n", "" })
            (await World.Get<TransferCard>().RunAsync(A, As[0], A.Key, B.Key, method, World.NewKey()))
                .ShouldBeOfType<TransferCardOutcome.Invalid>(method);
        (await World.Get<TransferCard>().RunAsync(World.Service, As[0], A.Key, B.Key, "attestation", World.NewKey()))
            .ShouldBeOfType<TransferCardOutcome.Invalid>();
        (await World.OwnerOfAsync(As[0])).ShouldBe(A.Key);
    }

    [Fact]
    public async Task A_refusal_changes_nothing_and_leaves_a_line_that_says_who_tried_what()
    {
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        await World.AcceptAsync(A, trade);
        await World.Get<ProposeTrade>().RunAsync(A, new TradeOffer(B.Key, [Bs[0]], []), World.NewKey());
        await World.Get<CloseTrade>().CancelAsync(B, trade.Id, null, World.NewKey());
        await World.Get<TransferCard>().RunAsync(A, Bs[0], A.Key, B.Key, "gift", World.NewKey());
        (await World.Database.ListAsync<string>(
            TestRole.Superuser,
            "select action || ' ' || error_code || ' ' || user_id from summoners_grid.activity_log where not succeeded order by id"
        )).ShouldBe(
            [
                $"trade.accept trades.not-the-target {A.Key}",
                $"trade.propose cards.not-owned {A.Key}",
                $"trade.cancel trades.not-the-proposer {B.Key}",
                $"card.transfer cards.not-owner {A.Key}",
            ]
        );
        (await World.Get<TradeRepository>().FindAsync(A, trade.Id))!.Status.ShouldBe(TradeStatus.Pending);
    }

    [Fact]
    public async Task A_frozen_player_neither_gives_nor_takes()
    {
        var trade = await World.ProposeAsync(A, B, [As[0]], [Bs[0]]);
        await FreezeAsync(A);
        (await World.AcceptAsync(B, trade)).ShouldBe(new AcceptTradeOutcome.PlayerFrozen(A.Key));
        (await World.Get<ProposeTrade>().RunAsync(B, new TradeOffer(A.Key, [Bs[0]], []), World.NewKey()))
            .ShouldBe(new ProposeTradeOutcome.PlayerFrozen(A.Key));
        (await World.Get<TransferCard>().RunAsync(A, As[0], A.Key, B.Key, "gift", World.NewKey()))
            .ShouldBe(new TransferCardOutcome.PlayerFrozen(A.Key));
        (await World.OwnerOfAsync(As[0])).ShouldBe(A.Key);
    }

    [Fact]
    public async Task Raw_sql_cannot_offer_what_another_owns()
    {
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            World.Database.ExecuteAsync(
                TestRole.Superuser,
                $"""
                insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, expires_at)
                values ('{A.Key}', '{B.Key}', array['{Bs[0]}']::uuid[], '{"{}"}', now() + interval '1 day')
                """
            )
        );
        refused.ConstraintName.ShouldBe("trade_proposals_cards_are_owned");
    }

    private async Task FreezeAsync(Actor player)
    {
        var outcome = await World.Get<FreezeAccount>().RunAsync(player.Key, "under investigation", Actor.System(World.Database.Clock));
        outcome.ShouldBeOfType<FreezeOutcome.Frozen>();
    }
}
