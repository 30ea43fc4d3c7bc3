using Gamekeeper.Simulation.Ownership.Checking;
using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Tests.Simulation.Ownership;

/// <summary>The checks say nothing of a history that is as it should be, and name what was planted in one that is not.</summary>
public sealed class ChecksTests
{
    private readonly FabricatedWorld _world = new();
    private readonly Guid _mirasCard;
    private readonly Guid _tolosCard;

    public ChecksTests()
    {
        _mirasCard = _world.Mint(_world.Mira);
        _tolosCard = _world.Mint(_world.Tolo);
    }

    [Fact]
    public void A_history_that_fits_its_rows_has_no_breach()
    {
        var first = _world.Propose(_world.Mira, _world.Tolo, _mirasCard, _tolosCard);
        var rival = _world.Propose(_world.Mira, _world.Vex, _mirasCard);
        var accepted = _world.Accept(first);
        _world.Send(accepted, FabricatedWorld.Done(accepted.Acknowledged!.Id, isReplay: true));
        _world.Ask(new Asked.Accept(rival, _world.Vex), new Reply.Refused(409, "trades.not-pending"));
        _world.Transfer(_mirasCard, _world.Tolo, _world.Vex);
        _world.Ask(new Asked.Transfer(_mirasCard, _world.Tolo, _world.Mira, _world.Tolo), new Reply.Refused(403, "cards.not-owner"));
        _world.Ask(new Asked.Read(_mirasCard), new Reply.Done(_world.Vex, [], Events: 3));
        _world.Decline(_world.Propose(_world.Mira, _world.Vex, _tolosCard));

        _world.Breaches().ShouldBeEmpty();
    }

    [Fact]
    public void An_outcome_that_nobody_heard_of_may_be_either()
    {
        var asked = new Asked.Transfer(_mirasCard, _world.Mira, _world.Tolo, _world.Mira);
        var done = _world.Ask(asked, new Reply.Unknown("connection lost"));
        _world.Send(done, FabricatedWorld.Done(_world.Store("transfer", (_mirasCard, _world.Mira, _world.Tolo)), isReplay: true));
        var notDone = _world.Ask(asked with { To = _world.Vex }, new Reply.Unknown("connection lost"));
        _world.Send(notDone, new Reply.Refused(403, "cards.not-owner"));

        _world.Breaches().ShouldBeEmpty();
    }

    [Fact]
    public void A_lost_acknowledgement_is_found()
    {
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard);
        _world.Forget(_world.Accept(trade).Acknowledged!.Id);

        _world.Rules().ShouldBe(["lost"]);
        _world.Breaches().ShouldContain(b => b.Subject.Contains(trade.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_trade_that_names_another_operation_than_its_acceptance_was_told_is_found()
    {
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard);
        _world.Accept(trade);
        _world.Change(trade, t => t with { Operation = Guid.CreateVersion7() });

        _world.Rules().ShouldBe(["wrong effect"]);
    }

    [Fact]
    public void A_lost_offer_is_found()
    {
        _world.Trades.RemoveAll(t => t.Id == _world.Propose(_world.Mira, _world.Tolo, _mirasCard));
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard);
        _world.Trades.RemoveAll(t => t.Id == trade);

        _world.Rules().ShouldBe(["lost"]);
    }

    [Fact]
    public void A_lost_end_is_found()
    {
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard);
        _world.Decline(trade);
        _world.Change(trade, t => t with { Status = "pending" });

        _world.Breaches().ShouldHaveSingleItem().ToString().ShouldContain("expected declined");
    }

    [Fact]
    public void A_lost_card_is_found()
    {
        _world.Cards.RemoveAll(c => c.Id == _mirasCard);
        _world.Rules().ShouldBe(["conservation"]);
    }

    [Fact]
    public void A_doubled_card_is_found()
    {
        _world.Cards.Add(new StoredCard(_world.NewId(), _world.Mira, 1));
        _world.Rules().ShouldBe(["conservation"]);
    }

    [Fact]
    public void A_wrong_owner_is_found()
    {
        _world.Change(_mirasCard, c => c with { Owner = _world.Vex });
        _world.Breaches().ShouldHaveSingleItem().Subject.ShouldBe($"card {_mirasCard}");
    }

    [Fact]
    public void A_card_given_away_twice_is_found()
    {
        _world.Transfer(_mirasCard, _world.Mira, _world.Tolo);
        _world.Transfer(_mirasCard, _world.Mira, _world.Vex);
        _world.Rules().ShouldContain("wrong giver");
    }

    [Fact]
    public void A_refusal_that_had_an_effect_is_found()
    {
        _world.Ask(new Asked.Transfer(_mirasCard, _world.Mira, _world.Tolo, _world.Mira), new Reply.Refused(403, "cards.not-owner"));
        _world.Store("transfer", (_mirasCard, _world.Mira, _world.Tolo));

        var breach = _world.Breaches().First(b => b.Rule == "unasked effect");
        breach.Found.ShouldContain("request 3, transfer, answered 403 cards.not-owner");
    }

    [Fact]
    public void A_refusal_without_reason_is_found()
    {
        _world.Ask(new Asked.Transfer(_mirasCard, _world.Mira, _world.Tolo, _world.Mira), new Reply.Refused(403, "cards.not-owner"));
        _world.Rules().ShouldBe(["refused without reason"]);
    }

    [Fact]
    public void An_acceptance_refused_for_its_own_effect_is_found()
    {
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard);
        var accepted = _world.Accept(trade);
        accepted.Add(new Send(accepted.Began, accepted.DoneBy, new Reply.Refused(409, "trades.not-pending")));
        _world.Rules().ShouldBe(["refused without reason"]);
    }

    [Fact]
    public void Unequal_duplicates_are_found()
    {
        var given = _world.Transfer(_mirasCard, _world.Mira, _world.Tolo);
        _world.Send(given, new Reply.Refused(403, "cards.not-owner"));
        _world.Rules().ShouldContain("unequal duplicates");
    }

    [Fact]
    public void A_doubled_mint_is_found()
    {
        var twin = _world.NewId();
        var mint = _world.Requests[0];
        _world.Send(mint, FabricatedWorld.Done(_world.Store("mint", (twin, null, _world.Mira)), false, twin));
        _world.Rules().ShouldBe(["doubled", "unequal duplicates"]);
    }

    [Fact]
    public void A_trade_with_two_ends_is_found()
    {
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard);
        _world.Decline(trade);
        _world.Accept(trade);
        _world.Rules().ShouldContain("doubled");
    }

    [Fact]
    public void An_offer_that_outlives_its_card_is_found()
    {
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard);
        _world.Transfer(_mirasCard, _world.Mira, _world.Vex);
        _world.Change(trade, t => t with { Status = "pending" });
        _world.Rules().ShouldBe(["open offer"]);
    }

    [Fact]
    public void An_offer_of_foreign_cards_is_found()
    {
        _world.Propose(_world.Vex, _world.Tolo, _mirasCard);
        _world.Rules().ShouldBe(["wrong effect"]);
    }

    [Fact]
    public void Half_a_trade_is_found()
    {
        var trade = _world.Propose(_world.Mira, _world.Tolo, _mirasCard, _tolosCard);
        var operation = _world.Accept(trade).Acknowledged!.Id;
        _world.Events.RemoveAll(e => e.Operation == operation && e.Card == _tolosCard);
        _world.Change(_tolosCard, c => c with { Owner = _world.Tolo, Events = 1 });
        _world.Rules().ShouldContain("wrong effect");
        _world.Rules().ShouldContain("wrong owner");
    }

    [Fact]
    public void An_order_that_time_forbids_is_found()
    {
        _world.Transfer(_mirasCard, _world.Mira, _world.Tolo);
        _world.Transfer(_tolosCard, _world.Tolo, _world.Mira);
        // The later one was given the earlier number.
        var (one, two) = (_world.Operations[^2], _world.Operations[^1]);
        _world.Operations[^2] = one with { Sequence = two.Sequence };
        _world.Operations[^1] = two with { Sequence = one.Sequence };
        _world.Rules().ShouldBe(["order"]);
    }

    [Fact]
    public void A_stale_read_is_found()
    {
        _world.Transfer(_mirasCard, _world.Mira, _world.Tolo);
        _world.Ask(new Asked.Read(_mirasCard), new Reply.Done(_world.Mira, [], Events: 1));
        _world.Rules().ShouldBe(["stale read"]);
    }

    [Fact]
    public void A_read_older_than_another_one_before_it_is_found()
    {
        // Nobody heard of the gift before both had looked, so either may have seen either owner; but not in this order.
        var gift = new Request(_world.Requests.Count + 1, new Asked.Transfer(_mirasCard, _world.Mira, _world.Tolo, _world.Mira));
        var operation = _world.Store("transfer", (_mirasCard, _world.Mira, _world.Tolo));
        _world.Requests.Add(gift);
        var first = _world.Ask(new Asked.Read(_mirasCard), new Reply.Done(_world.Tolo, [], Events: 2));
        gift.Add(new Send(first.Began - 1, long.MaxValue, FabricatedWorld.Done(operation)));
        _world.Breaches().ShouldBeEmpty();

        _world.Ask(new Asked.Read(_mirasCard), new Reply.Done(_world.Mira, [], Events: 1));
        _world.Rules().ShouldBe(["stale read"]);
    }

    [Fact]
    public void A_look_between_two_commits_is_none()
    {
        // The later number is acknowledged first; who looks at the other card in between may see it as it was.
        var (slow, quick) = (_world.Requests.Count + 1, _world.Requests.Count + 2);
        var ofSlow = new Request(slow, new Asked.Transfer(_mirasCard, _world.Mira, _world.Tolo, _world.Mira));
        var operation = _world.Store("transfer", (_mirasCard, _world.Mira, _world.Tolo));
        _world.Requests.Add(ofSlow);
        var ofQuick = _world.Transfer(_tolosCard, _world.Tolo, _world.Mira);
        ofQuick.Number.ShouldBe(quick);
        _world.Ask(new Asked.Read(_mirasCard), new Reply.Done(_world.Mira, [], Events: 1));
        ofSlow.Add(new Send(ofQuick.Began - 1, long.MaxValue, FabricatedWorld.Done(operation)));
        _world.Breaches().ShouldBeEmpty();
    }

    [Fact]
    public void A_gap_in_a_chain_is_found()
    {
        _world.Transfer(_mirasCard, _world.Mira, _world.Tolo);
        _world.Events[^1] = _world.Events[^1] with { Position = 3 };
        _world.Rules().ShouldBe(["broken chain"]);
    }

    [Fact]
    public void An_answer_that_nobody_foresaw_is_found()
    {
        _world.Ask(new Asked.Transfer(_mirasCard, _world.Mira, _world.Tolo, _world.Mira), new Reply.Refused(500, "server.unexpected"));
        _world.Rules().ShouldBe(["answer"]);
    }

    [Fact]
    public void A_request_that_never_got_an_answer_is_found()
    {
        _world.Ask(new Asked.Transfer(_mirasCard, _world.Mira, _world.Tolo, _world.Mira), new Reply.Unknown("connection lost"));
        _world.Rules().ShouldBe(["no answer"]);
    }

    [Fact]
    public void A_broken_invariant_is_found()
    {
        _world.Ask(new Asked.Verify(), new Reply.Done(Guid.Empty, [], Finding: "core.something does not"));
        _world.Rules().ShouldBe(["verify"]);
    }

    [Fact]
    public void A_lost_account_is_found()
    {
        _world.Ask(new Asked.SignUp("proof-newcomer"), FabricatedWorld.Done(_world.Vex));
        _world.Rules().ShouldBe(["account"]);
    }
}
