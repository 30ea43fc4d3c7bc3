using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Gamekeeper.Simulation.Ownership.Playing;
using Gamekeeper.Simulation.Proofs;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>The published history of every card, recomputed with the published keys: hashes, paths, signatures, and that it tells what is stored.</summary>
internal sealed class ChainRules(Sender sender, string token, int atOnce)
{
    public async Task<IReadOnlyList<Breach>> RunAsync(Stored stored, CancellationToken cancellationToken)
    {
        var published = await AskAsync("/v1/integrity/keys", cancellationToken) ?? throw new InvalidOperationException("The public keys are not to be had.");
        var keys = published.GetProperty("items").EnumerateArray()
            .ToDictionary(k => k.GetProperty("id").GetString()!, k => k.GetProperty("pem").GetString()!, StringComparer.Ordinal);
        var events = stored.Events.ToLookup(e => e.Card);
        var found = new ConcurrentQueue<Breach>();
        await Parallel.ForEachAsync(
            stored.Cards,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (card, ct) =>
            {
                if (await FlawAsync(card, events[card.Id], keys, ct) is { } flaw)
                    found.Enqueue(new Breach("broken chain", $"card {card.Id}", "a history that anyone can check", flaw));
            });
        return [.. found];
    }

    private async Task<string?> FlawAsync(
        StoredCard card, IEnumerable<StoredEvent> stored, IReadOnlyDictionary<string, string> keys, CancellationToken cancellationToken)
    {
        if (await AskAsync($"{Spelling.Grid}/cards/{card.Id}/history", cancellationToken) is not { } answer)
            return "none at all";
        if (!answer.GetProperty("isIntact").GetBoolean())
            return $"the server's own opinion: {answer.GetProperty("firstBreach")}";
        var history = answer.GetProperty("history");
        if (CardChain.Flaw(history, keys) is { } flaw)
            return flaw;
        var told = history.GetProperty("events").EnumerateArray()
            .Select(e => (e.GetProperty("operation").GetProperty("id").GetGuid(), e.GetProperty("newOwnerId").GetGuid()));
        return told.SequenceEqual(stored.OrderBy(e => e.Position).Select(e => (e.Operation, e.To))) ? null : "other events than are stored";
    }

    private Task<JsonElement?> AskAsync(string path, CancellationToken cancellationToken) =>
        sender.AnsweredAsync(
            () => new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } },
            cancellationToken);
}
