using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>Performs plays: asks what they ask for and believes the answers, as a client would.</summary>
internal sealed class Stage(Sender sender, History history, Cast cast, Whereabouts whereabouts)
{
    private int _newcomers;

    public async Task PerformAsync(Play play, CancellationToken cancellationToken)
    {
        var scene = new Scene(this, play, cancellationToken);
        await (play.Kind switch
        {
            PlayKind.Swap => scene.TradeAsync(t => scene.AcceptAsync(t, 1)),
            PlayKind.Decline => scene.TradeAsync(t => scene.AskAsync(new Asked.Decline(t.Id, t.Offer.To), cast.Of(t.Offer.To), 1)),
            PlayKind.Cancel => scene.TradeAsync(t => scene.AskAsync(new Asked.Cancel(t.Id, t.Offer.By), cast.Of(t.Offer.By), 1)),
            PlayKind.EndsAtOnce => scene.TradeAsync(t => Task.WhenAll(
                scene.AcceptAsync(t, 1),
                scene.AskAsync(new Asked.Decline(t.Id, t.Offer.To), cast.Of(t.Offer.To), 2),
                scene.AskAsync(new Asked.Cancel(t.Id, t.Offer.By), cast.Of(t.Offer.By), 3))),
            PlayKind.GiftOfOffered => scene.TradeAsync(t => Task.WhenAll(scene.AcceptAsync(t, 1), scene.GiveAsync(t.Offer.Offered[0], t.Offer.By, 2))),
            PlayKind.Rivals => play.Dice % 2 == 0 ? scene.OneOfferedToManyAsync() : scene.OneWantedByManyAsync(),
            PlayKind.Gift => scene.GiveAsync(scene.Card, whereabouts.OwnerOf(scene.Card), 0),
            PlayKind.ByTheGame => scene.MoveAsync(),
            PlayKind.Mint => scene.MintAsync(cast.Player(play.Player)),
            PlayKind.Trespass => scene.TrespassAsync(),
            PlayKind.Read => scene.LookAsync(scene.Card),
            PlayKind.Newcomer => scene.WelcomeAsync($"proof-newcomer-{Interlocked.Increment(ref _newcomers)}"),
            PlayKind.Verify => scene.AskAsync(new Asked.Verify(), cast.Game, 0),
            var other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        });
    }

    /// <summary>Brings the cards of the start into the world, dealt round.</summary>
    public async Task DealAsync(CancellationToken cancellationToken)
    {
        var dealt = new List<Guid>();
        var hands = Enumerable.Range(0, ProofPlan.Players).Select(p => (Player: cast.Player(p), Count: Hand(p))).ToList();
        foreach (var (player, count) in hands)
        {
            var reply = await sender.AskAsync(history.Ask(new Asked.Mint(player.Id, count)), cast.Game, 1, cancellationToken);
            if (reply is not Reply.Done minted)
                throw new InvalidOperationException($"The cards of the start were not minted: {reply}.");
            dealt.AddRange(minted.Cards);
            foreach (var card in minted.Cards)
                whereabouts.Moved(card, player.Id);
        }
        // The first cards are the hot ones: they come from every hand.
        whereabouts.Begin([.. dealt.Index().OrderBy(c => c.Index % (ProofPlan.Cards / ProofPlan.Players)).ThenBy(c => c.Index).Select(c => c.Item)]);

        static int Hand(int player) => (ProofPlan.Cards / ProofPlan.Players) + (player < ProofPlan.Cards % ProofPlan.Players ? 1 : 0);
    }

    /// <summary>An offer that stands.</summary>
    private sealed record Standing(Guid Id, Asked.Propose Offer);

    /// <summary>One play under way.</summary>
    private sealed class Scene(Stage stage, Play play, CancellationToken cancellationToken)
    {
        public Guid Card { get; } = stage.Card(play.Card);

        public async Task<Reply> AskAsync(Asked asked, Person by, int number)
        {
            // Reads and verifications change nothing, and a second one at once would only cost.
            var copies = asked is Asked.Read or Asked.Verify ? 1 : play.CopiesOf(number);
            return await stage.Sender.AskAsync(stage.History.Ask(asked), by, copies, cancellationToken);
        }

        /// <summary>Offers the card for the other one, and goes on with the offer if it stands.</summary>
        public async Task TradeAsync(Func<Standing, Task> then)
        {
            var (owner, other) = (stage.Whereabouts.OwnerOf(Card), stage.Card(play.OtherCard));
            var target = stage.Whereabouts.OwnerOf(other);
            var offered = stage.Whereabouts.With(Card, owner, play.Size, play.Dice);
            // A card may have moved between the two looks, and is not named on both sides.
            var offer = target == owner
                ? new Asked.Propose(owner, stage.Cast.Other(play.Player, owner).Id, offered, [])
                : new Asked.Propose(owner, target, offered, [.. stage.Whereabouts.With(other, target, play.Size, play.Dice / 7).Except(offered)]);
            if (await ProposeAsync(offer, 0) is { } standing)
                await then(standing);
        }

        /// <summary>The owner offers one card to several others, who all say yes at once.</summary>
        public async Task OneOfferedToManyAsync()
        {
            var owner = stage.Whereabouts.OwnerOf(Card);
            var offers = new List<Asked.Propose>();
            for (var i = 0; i < play.Offers; i++)
                offers.Add(new Asked.Propose(owner, stage.Cast.Other(play.Player + i, [owner, .. offers.Select(o => o.To)]).Id, [Card], []));
            await AcceptAllAsync(offers);
        }

        /// <summary>Several others offer something for one card, and its owner says yes to all of them at once.</summary>
        public async Task OneWantedByManyAsync()
        {
            var owner = stage.Whereabouts.OwnerOf(Card);
            var offers = new List<Asked.Propose>();
            for (var i = 0; i < ProofPlan.Cards && offers.Count < play.Offers; i++)
            {
                var mine = stage.Card((play.OtherCard + i) % ProofPlan.Cards);
                var by = stage.Whereabouts.OwnerOf(mine);
                if (by != owner && offers.TrueForAll(o => o.By != by))
                    offers.Add(new Asked.Propose(by, owner, [mine], [Card]));
            }
            await AcceptAllAsync(offers);
        }

        public async Task AcceptAsync(Standing trade, int number)
        {
            var reply = await AskAsync(new Asked.Accept(trade.Id, trade.Offer.To), stage.Cast.Of(trade.Offer.To), number);
            if (reply is not Reply.Done)
                return;
            foreach (var card in trade.Offer.Offered)
                stage.Whereabouts.Moved(card, trade.Offer.To);
            foreach (var card in trade.Offer.Wanted)
                stage.Whereabouts.Moved(card, trade.Offer.By);
        }

        public async Task GiveAsync(Guid card, Guid owner, int number)
        {
            var to = stage.Cast.Other(play.Player, owner).Id;
            await FollowAsync(card, to, await AskAsync(new Asked.Transfer(card, owner, to, owner), stage.Cast.Of(owner), number));
        }

        public async Task MoveAsync()
        {
            var owner = stage.Whereabouts.OwnerOf(Card);
            var to = stage.Cast.Other(play.Player, owner).Id;
            await FollowAsync(Card, to, await AskAsync(new Asked.Transfer(Card, owner, to, By: null), stage.Cast.Game, 0));
        }

        public async Task MintAsync(Person player)
        {
            if (await AskAsync(new Asked.Mint(player.Id, 1 + (play.Dice % 3)), stage.Cast.Game, 0) is not Reply.Done minted)
                return;
            foreach (var card in minted.Cards)
                stage.Whereabouts.Moved(card, player.Id);
            await GiveAsync(minted.Cards[0], player.Id, 1);
        }

        public async Task WelcomeAsync(string name)
        {
            if (await stage.Cast.JoinAsync(name, copies: 2, cancellationToken) is { } newcomer
                && await AskAsync(new Asked.Mint(newcomer.Id, 1), stage.Cast.Game, 0) is Reply.Done minted)
                stage.Whereabouts.Moved(minted.Cards[0], newcomer.Id);
        }

        /// <summary>A card of somebody else is given away, or offered; or who made an offer accepts it as well.</summary>
        public async Task TrespassAsync()
        {
            var owner = stage.Whereabouts.OwnerOf(Card);
            var thief = stage.Cast.Other(play.Player, owner);
            var third = stage.Cast.Other(play.Player + 1, owner, thief.Id);
            switch (play.Dice % 3)
            {
                case 0:
                    await AskAsync(new Asked.Transfer(Card, thief.Id, third.Id, thief.Id), thief, 0);
                    break;
                case 1:
                    await AskAsync(new Asked.Propose(thief.Id, third.Id, [Card], []), thief, 0);
                    break;
                default:
                    await TradeAsync(t => AskAsync(new Asked.Accept(t.Id, t.Offer.By), stage.Cast.Of(t.Offer.By), 1));
                    break;
            }
        }

        public async Task LookAsync(Guid card)
        {
            if (await AskAsync(new Asked.Read(card), stage.Cast.Player(play.Player), 0) is Reply.Done seen)
                stage.Whereabouts.Moved(card, seen.Id);
        }

        private async Task AcceptAllAsync(List<Asked.Propose> offers)
        {
            var standing = await Task.WhenAll(offers.Select((o, i) => ProposeAsync(o, i)));
            await Task.WhenAll(standing.OfType<Standing>().Select((t, i) => AcceptAsync(t, offers.Count + i)));
        }

        private async Task<Standing?> ProposeAsync(Asked.Propose offer, int number)
        {
            if (await AskAsync(offer, stage.Cast.Of(offer.By), number) is Reply.Done made)
                return new Standing(made.Id, offer);
            // Somebody was quicker: look again, so that the next play about these cards does better.
            foreach (var card in offer.Cards)
                await LookAsync(card);
            return null;
        }

        private async Task FollowAsync(Guid card, Guid to, Reply reply)
        {
            if (reply is Reply.Done)
                stage.Whereabouts.Moved(card, to);
            else
                await LookAsync(card);
        }
    }

    private Sender Sender => sender;

    private History History => history;

    private Cast Cast => cast;

    private Whereabouts Whereabouts => whereabouts;

    private Guid Card(int number) => whereabouts.Card(number);
}
