using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gamekeeper.Simulation.Demo;

/// <summary>The seventh part: a collector believes nobody and checks a card with the public key alone.</summary>
internal sealed class Provenance(Wire wire, Action<string> say)
{
    public async Task CheckAsync(string card, Person from, Person to, CancellationToken cancellationToken)
    {
        say("");
        say("7. A collector wants to know where Mira's new card comes from, and trusts nobody.");
        var answer = await wire.GetAsync($"{Wire.Grid}/cards/{card}/history", to.Token, cancellationToken);
        var history = answer.Granted().GetProperty("history");
        var published = await wire.GetAsync("/v1/integrity/keys", null, cancellationToken);
        var keys = published.Granted().GetProperty("items").EnumerateArray()
            .ToDictionary(k => k.GetProperty("id").GetString()!, k => k.GetProperty("pem").GetString()!, StringComparer.Ordinal);

        if (CardChain.Flaw(history, keys) is { } flaw)
            throw new BrokenPromiseException($"The history of card {card} does not check out: {flaw}.");
        var events = history.GetProperty("events").EnumerateArray().ToList();
        if (events.Count != 2 || events[1].GetProperty("previousOwnerId").GetString() != from.Id || events[1].GetProperty("newOwnerId").GetString() != to.Id)
            throw new BrokenPromiseException($"The history was to tell of a pack and of one trade, from {from.Name} to {to.Name}: {history}");
        say($"   Its history tells of {events.Count} events: from a pack to {from.Name}, by trade to {to.Name}.");
        say("   With nothing but the public key the collector recomputes every hash and checks every signature. All good.");

        // A check that cannot fail is worth nothing, so the collector tries it on a forgery.
        if (CardChain.Flaw(Forged(history, from.Id), keys) is not { } found)
            throw new BrokenPromiseException("A forged history passed the check.");
        say($"   A copy in which the card was always {from.Name}'s does not pass: {found}.");
    }

    private static JsonElement Forged(JsonElement history, string owner)
    {
        var copy = JsonNode.Parse(history.GetRawText())!;
        copy["events"]![1]!["newOwnerId"] = owner;
        copy["card"]!["ownerId"] = owner;
        return JsonSerializer.SerializeToElement(copy);
    }
}
