using Gamekeeper.Accounts;
using Gamekeeper.Idempotency;
using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Docs;

/// <summary>The guide's own lines, run: what stands between two marks here stands word for word in docs/guides/first-trade.md.</summary>
public sealed class FirstTradeGuideTests
{
    [Fact]
    public async Task The_guide_s_first_trade_works()
    {
        await using var database = await TestDatabase.CreateAsync();
        var provider = database.Services;
        await provider.GetRequiredService<SeedAlphaSet>().RunAsync(CancellationToken.None);
        var clock = TimeProvider.System;

        // snippet: players
        var signUp = provider.GetRequiredService<SignUp>();
        var anna = (SignUpOutcome.Created)await signUp.RunAsync(new SignUpInput("anna", null, "correct horse", "Anna"), Actor.System(clock));
        var ben = (SignUpOutcome.Created)await signUp.RunAsync(new SignUpInput("ben", null, "battery staple", "Ben"), Actor.System(clock));
        var annaActs = Actor.Player(anna.Account.Id, clock);
        var benActs = Actor.Player(ben.Account.Id, clock);
        // end snippet
        foreach (var account in new[] { anna.Account.Id, ben.Account.Id })
            await provider.GetRequiredService<PlayerRepository>().EnsureAsync(account);

        // snippet: mint
        var mint = provider.GetRequiredService<MintCards>();
        var annas = await mint.RunAsync(
            Actor.System(clock),
            new MintOrder(anna.Account.Id, ["alpha-001", "alpha-002"]),
            new IdempotencyKey("anna-welcome-pack")
        );
        // The same order under the same key is one mint, however often it is sent.
        var again = await mint.RunAsync(
            Actor.System(clock),
            new MintOrder(anna.Account.Id, ["alpha-001", "alpha-002"]),
            new IdempotencyKey("anna-welcome-pack")
        );
        // end snippet
        ((MintOutcome.Minted)again).CardIds.ShouldBe(((MintOutcome.Minted)annas).CardIds);
        var bens = await mint.RunAsync(Actor.System(clock), new MintOrder(ben.Account.Id, ["alpha-003"]), new IdempotencyKey("ben-welcome-pack"));
        var (annasCard, bensCard) = (((MintOutcome.Minted)annas).CardIds[0], ((MintOutcome.Minted)bens).CardIds[0]);

        // snippet: trade
        var propose = provider.GetRequiredService<ProposeTrade>();
        var offer = new TradeOffer(ben.Account.Id, OfferedCards: [annasCard], RequestedCards: [bensCard], Message: "Mine for yours?");
        var proposed = (ProposeTradeOutcome.Proposed)await propose.RunAsync(annaActs, offer, new IdempotencyKey("offer-1"));

        var accept = provider.GetRequiredService<AcceptTrade>();
        var answer = await accept.RunAsync(benActs, proposed.Trade.Id, new IdempotencyKey("accept-1")) switch
        {
            AcceptTradeOutcome.Accepted done => $"Traded at {done.Trade.CompletedAt:t}.",
            AcceptTradeOutcome.CardsMoved moved => $"{moved.Cards.Count} cards have a new owner.",
            AcceptTradeOutcome.NotPending ended => $"The offer was {ended.Status} already.",
            var refused => $"Refused: {refused.GetType().Name}.",
        };
        // end snippet
        answer.ShouldStartWith("Traded");

        // snippet: verify
        var history = provider.GetRequiredService<OwnershipHistory>();
        var (card, verdict) = (await history.VerifyAsync(annasCard))!.Value;
        // verdict is Intact(Events: 2): minted for Anna, traded to Ben.

        await foreach (var result in provider.GetRequiredService<Verifier>().RunAsync())
            Console.WriteLine($"{result.Name}: {(result.Holds ? "holds" : result.Breaches[0].Finding)}");
        // end snippet
        verdict.ShouldBe(new CardVerdict.Intact(2));
        card.Events[^1].NewOwnerId.ShouldBe(ben.Account.Id);
    }
}
