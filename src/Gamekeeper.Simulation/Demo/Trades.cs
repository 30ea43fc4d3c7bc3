using System.Text.Json;

namespace Gamekeeper.Simulation.Demo;

/// <summary>The fifth and sixth part: two offers for one card, and what cheating comes to.</summary>
internal sealed class Trades(Wire wire, Action<string> say, TimeProvider clock, string tale)
{
    private const string Path = Wire.Grid + "/trades";

    /// <summary>The card that went from Tolo to Mira.</summary>
    public async Task<string> PlayAsync(
        Person mira, Person tolo, Person vex, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> cards, CancellationToken cancellationToken)
    {
        var prize = cards[tolo.Id][0];
        say("");
        say($"5. Tolo's {Name(prize)} is wanted.");
        var offer = await OfferAsync(mira, tolo, [cards[mira.Id][0], cards[mira.Id][1]], [prize], null, "mira", cancellationToken);
        say($"   Mira offers {Name(cards[mira.Id][0])} and {Name(cards[mira.Id][1])} for it.");
        var rival = await OfferAsync(vex, tolo, [cards[vex.Id][^1]], [prize], null, "vex", cancellationToken);
        say($"   Vex offers {Name(cards[vex.Id][^1])}, which is not much.");

        var accepted = await AcceptAsync(offer, tolo, "accept", cancellationToken);
        if (accepted.Text("status") != "completed")
            throw new BrokenPromiseException($"The accepted trade was to be completed: {accepted.Body}");
        say("   Tolo takes Mira's offer. Three cards change hands in one moment, or none would.");
        var ended = await wire.GetAsync($"{Path}/{rival}", vex.Token, cancellationToken);
        if (ended.Text("status") != "cancelled")
            throw new BrokenPromiseException($"The rival offer was to be cancelled: {ended.Body}");
        say($"   Vex's offer is cancelled in the same moment: {ended.Text("cancellationReason")}.");
        await RepeatAsync(offer, tolo, accepted, cancellationToken);

        await CheatAsync(mira, tolo, vex, cards, cancellationToken);
        return Id(prize);
    }

    private async Task RepeatAsync(string offer, Person tolo, Answer accepted, CancellationToken cancellationToken)
    {
        var repeats = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AcceptAsync(offer, tolo, "accept", cancellationToken)));
        if (repeats.Any(r => !r.IsReplay || r.Text("operationId") != accepted.Text("operationId")))
            throw new BrokenPromiseException($"The same acceptance under the same key was to have the same answer: {repeats[0].Body}");
        say("   Tolo's phone lost the answer and asks three times more, all at once. The same answer, and no card moves again.");
    }

    private async Task CheatAsync(
        Person mira, Person tolo, Person vex, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> cards, CancellationToken cancellationToken)
    {
        say("");
        say("6. Vex tries everything.");
        (await ProposeAsync(vex, tolo, [cards[mira.Id][2]], [cards[tolo.Id][2]], null, "foreign", cancellationToken)).Refused("cards.not-owned");
        say("   Offering a card that is Mira's: refused.");
        (await ProposeAsync(vex, vex, [cards[vex.Id][0]], [], null, "self", cancellationToken)).Refused("request.invalid");
        say("   Trading with himself: refused.");
        (await wire.PostAsync($"{Wire.Grid}/cards/{Id(cards[mira.Id][2])}/transfer", new { to = tolo.Id }, vex.Token, $"steal-{tale}", cancellationToken))
            .Refused("cards.not-owner");
        say("   Sending Mira's card to a friend: refused.");
        (await ProposeAsync(vex, tolo, [cards[vex.Id][1]], [], null, "vex", cancellationToken)).Refused("idempotency.key-reused");
        say("   Putting another offer under a key that was used already: refused.");

        var own = await OfferAsync(vex, tolo, [cards[vex.Id][2]], [cards[tolo.Id][3]], null, "own", cancellationToken);
        (await AcceptAsync(own, vex, "accept-own", cancellationToken)).Refused("trades.not-the-target");
        say("   Accepting his own offer in Tolo's name: refused.");

        var end = clock.GetUtcNow() + TimeSpan.FromSeconds(2);
        var late = await OfferAsync(vex, mira, [cards[vex.Id][3]], [], end, "late", cancellationToken);
        await Task.Delay(end - clock.GetUtcNow() + TimeSpan.FromMilliseconds(50), clock, cancellationToken);
        (await AcceptAsync(late, mira, "accept-late", cancellationToken)).Refused("trades.expired", "trades.not-pending");
        say("   And Mira, who took too long over a gift that ended after two seconds: too late, refused.");
    }

    private async Task<string> OfferAsync(
        Person from, Person to, JsonElement[] offered, JsonElement[] requested, DateTimeOffset? expiresAt, string key, CancellationToken cancellationToken) =>
        (await ProposeAsync(from, to, offered, requested, expiresAt, key, cancellationToken)).Text("id");

    private Task<Answer> ProposeAsync(
        Person from, Person to, JsonElement[] offered, JsonElement[] requested, DateTimeOffset? expiresAt, string key, CancellationToken cancellationToken) =>
        wire.PostAsync(
            Path,
            new { targetId = to.Id, offeredCards = offered.Select(Id), requestedCards = requested.Select(Id), expiresAt },
            from.Token,
            $"offer-{tale}-{key}",
            cancellationToken);

    private Task<Answer> AcceptAsync(string trade, Person by, string key, CancellationToken cancellationToken) =>
        wire.PostAsync($"{Path}/{trade}/accept", null, by.Token, $"{key}-{tale}", cancellationToken);

    private static string Id(JsonElement card) => card.GetProperty("id").GetString()!;

    private static string Name(JsonElement card) => card.GetProperty("template").GetProperty("name").GetString()!;
}
