using Gamekeeper.Accounts;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Trading;

/// <summary>What a trade is refused for; nothing changes by it.</summary>
public sealed class TradeRefusalTests : IAsyncLifetime
{
    private GridWorld _world = null!;
    private Actor _a = null!;
    private Actor _b = null!;
    private IReadOnlyList<Guid> _as = null!;
    private IReadOnlyList<Guid> _bs = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        (_a, _b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        (_as, _bs) = (await _world.MintAsync(_a, 4), await _world.MintAsync(_b, 4));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Only_the_target_accepts_and_strangers_learn_nothing()
    {
        var stranger = await _world.NewPlayerAsync();
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        (await _world.AcceptAsync(_a, trade)).ShouldBeOfType<AcceptTradeOutcome.NotTheTarget>();
        (await _world.AcceptAsync(stranger, trade)).ShouldBeOfType<AcceptTradeOutcome.Unknown>();
        (await _world.Get<TradeRepository>().FindAsync(stranger, trade.Id)).ShouldBeNull();
        (await _world.Get<AcceptTrade>().RunAsync(_b, Guid.CreateVersion7(), _world.NewKey())).ShouldBeOfType<AcceptTradeOutcome.Unknown>();
    }

    [Fact]
    public async Task A_bad_offer_names_the_field_and_the_limit_and_changes_nothing()
    {
        var propose = _world.Get<ProposeTrade>();
        var many = Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7()).ToList();
        await RefusedAsync(new TradeOffer(_a.Key, [_as[0]], []), "targetId", "yourself");
        await RefusedAsync(new TradeOffer(_b.Key, [], []), "offeredCards", "at least 1 card");
        await RefusedAsync(new TradeOffer(_b.Key, many, []), "offeredCards", "names 101 cards; it takes at most 100");
        await RefusedAsync(new TradeOffer(_b.Key, [], many), "requestedCards", "names 101 cards; it takes at most 100");
        await RefusedAsync(new TradeOffer(_b.Key, [_as[0], _as[0]], []), "offeredCards", "twice");
        await RefusedAsync(new TradeOffer(_b.Key, [_as[0]], [], Message: new string('x', 501)), "message", "500");
        await RefusedAsync(new TradeOffer(_b.Key, [_as[0]], [], _world.Database.Clock.GetUtcNow().AddDays(-1)), "expiresAt", "future");
        await RefusedAsync(new TradeOffer(_b.Key, [_as[0]], [], _world.Database.Clock.GetUtcNow().AddDays(31)), "expiresAt", "30 days");
        (await propose.RunAsync(_a, new TradeOffer(_b.Key, [_bs[0]], []), _world.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.NotOwned>()
            .Cards.ShouldBe([_bs[0]]);
        (await propose.RunAsync(_a, new TradeOffer(_b.Key, [_as[0]], [Guid.Empty]), _world.NewKey())).ShouldBeOfType<ProposeTradeOutcome.NotOwned>();
        (await propose.RunAsync(_a, new TradeOffer(Guid.CreateVersion7(), [_as[0]], []), _world.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.UnknownPlayer>();
        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.trade_proposals")).ShouldBe(0);

        async Task RefusedAsync(TradeOffer offer, string field, string problem)
        {
            var outcome = await propose.RunAsync(_a, offer, _world.NewKey());
            outcome
                .ShouldBeOfType<ProposeTradeOutcome.Invalid>()
                .Errors.ShouldContain(e => e.Field == field && e.Problem.Contains(problem, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_player_has_at_most_200_open_offers()
    {
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, expires_at)
            select '{_a.Key}', '{_b.Key}', array['{_as[0]}']::uuid[], '{"{}"}', now() + interval '1 day' from generate_series(1, 200)
            """
        );
        (await _world.Get<ProposeTrade>().RunAsync(_a, new TradeOffer(_b.Key, [_as[1]], []), _world.NewKey()))
            .ShouldBe(new ProposeTradeOutcome.TooManyOpen(200));
        await _world.TransferAsync(_as[0], _a, _b);
        (await _world.Get<ProposeTrade>().RunAsync(_a, new TradeOffer(_b.Key, [_as[1]], []), _world.NewKey()))
            .ShouldBeOfType<ProposeTradeOutcome.Proposed>();
    }

    [Fact]
    public async Task A_card_with_an_unreadable_signature_is_refused_and_not_a_failure()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], []);
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.card_instances set signature = repeat('x', 64) where id = '{_as[0]}'"
        );
        (await _world.AcceptAsync(_b, trade)).ShouldBe(new AcceptTradeOutcome.CardDamaged(_as[0]));
        (await _world.Get<TransferCard>().RunAsync(_a, _as[0], _a.Key, _b.Key, "gift", _world.NewKey()))
            .ShouldBeOfType<TransferCardOutcome.CardDamaged>();
    }

    [Fact]
    public async Task A_player_cannot_write_another_method_into_a_card_s_history()
    {
        foreach (var method in new[] { "trade", "pack_opening", "attestation", "theft", "gift\n", "" })
            (await _world.Get<TransferCard>().RunAsync(_a, _as[0], _a.Key, _b.Key, method, _world.NewKey()))
                .ShouldBeOfType<TransferCardOutcome.Invalid>(method);
        (await _world.Get<TransferCard>().RunAsync(_world.Service, _as[0], _a.Key, _b.Key, "attestation", _world.NewKey()))
            .ShouldBeOfType<TransferCardOutcome.Invalid>();
        (await _world.OwnerOfAsync(_as[0])).ShouldBe(_a.Key);
    }

    [Fact]
    public async Task A_refusal_changes_nothing_and_leaves_a_line_that_says_who_tried_what()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        await _world.AcceptAsync(_a, trade);
        await _world.Get<ProposeTrade>().RunAsync(_a, new TradeOffer(_b.Key, [_bs[0]], []), _world.NewKey());
        await _world.Get<CloseTrade>().CancelAsync(_b, trade.Id, null, _world.NewKey());
        await _world.Get<TransferCard>().RunAsync(_a, _bs[0], _a.Key, _b.Key, "gift", _world.NewKey());
        (await _world.Database.ListAsync<string>(
            TestRole.Superuser,
            "select action || ' ' || error_code || ' ' || user_id from summoners_grid.activity_log where not succeeded order by id"
        )).ShouldBe(
            [
                $"trade.accept trades.not-the-target {_a.Key}",
                $"trade.propose cards.not-owned {_a.Key}",
                $"trade.cancel trades.not-the-proposer {_b.Key}",
                $"card.transfer cards.not-owner {_a.Key}",
            ]
        );
        (await _world.Get<TradeRepository>().FindAsync(_a, trade.Id))!.Status.ShouldBe(TradeStatus.Pending);
    }

    [Fact]
    public async Task A_frozen_player_neither_gives_nor_takes()
    {
        var trade = await _world.ProposeAsync(_a, _b, [_as[0]], [_bs[0]]);
        await FreezeAsync(_a);
        (await _world.AcceptAsync(_b, trade)).ShouldBe(new AcceptTradeOutcome.PlayerFrozen(_a.Key));
        (await _world.Get<ProposeTrade>().RunAsync(_b, new TradeOffer(_a.Key, [_bs[0]], []), _world.NewKey()))
            .ShouldBe(new ProposeTradeOutcome.PlayerFrozen(_a.Key));
        (await _world.Get<TransferCard>().RunAsync(_a, _as[0], _a.Key, _b.Key, "gift", _world.NewKey()))
            .ShouldBe(new TransferCardOutcome.PlayerFrozen(_a.Key));
        (await _world.OwnerOfAsync(_as[0])).ShouldBe(_a.Key);
    }

    [Fact]
    public async Task Raw_sql_cannot_offer_what_another_owns()
    {
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            _world.Database.ExecuteAsync(
                TestRole.Superuser,
                $"""
                insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, expires_at)
                values ('{_a.Key}', '{_b.Key}', array['{_bs[0]}']::uuid[], '{"{}"}', now() + interval '1 day')
                """
            )
        );
        refused.ConstraintName.ShouldBe("trade_proposals_cards_are_owned");
    }

    private async Task FreezeAsync(Actor player)
    {
        var outcome = await _world.Get<FreezeAccount>().RunAsync(player.Key, "under investigation", Actor.System(_world.Database.Clock));
        outcome.ShouldBeOfType<FreezeOutcome.Frozen>();
    }
}
