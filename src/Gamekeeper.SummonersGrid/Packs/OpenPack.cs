using System.Security.Cryptography;
using System.Text.Json;
using Gamekeeper.Idempotency;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Packs;

/// <summary>What came of opening a pack.</summary>
public abstract record OpenPackOutcome
{
    private OpenPackOutcome() { }

    /// <summary>The cards were drawn and minted, or not; as minting says.</summary>
    public sealed record Drawn(MintOutcome Mint) : OpenPackOutcome;

    /// <summary>There is no such pack.</summary>
    public sealed record UnknownPack : OpenPackOutcome;

    /// <summary>The set has no card of this rarity, so the pack cannot be filled.</summary>
    public sealed record SetIncomplete(string Rarity) : OpenPackOutcome;
}

/// <summary>
/// Draws the cards of a pack by its slots and weights, from a cryptographic source, and mints them in one transaction.
/// </summary>
public sealed class OpenPack(MintCards mint, CardCatalogue catalogue, PackCatalogue packs)
{
    /// <summary>For trusted parties only; the caller checks that. Safe to repeat under the same key: the first draw counts.</summary>
    public async Task<OpenPackOutcome> RunAsync(
        Actor actor,
        string packId,
        Guid owner,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        var request = IdempotentRequest.Of(key, "pack.open", new { pack = packId, owner });
        // First of all: packs and sets may have changed since the first request, and its answer stands.
        if (await mint.FindReplayAsync(actor, request, cancellationToken) is { } replay)
            return new OpenPackOutcome.Drawn(replay);
        if (packs.Find(packId) is not { } pack)
            return new OpenPackOutcome.UnknownPack();
        var set = (await catalogue.CurrentAsync(cancellationToken))
            .Values.Where(t => t.Id.StartsWith(pack.SetPrefix, StringComparison.Ordinal))
            .OrderBy(t => t.Id, StringComparer.Ordinal)
            .ToLookup(t => t.Rarity, t => t.Id, StringComparer.Ordinal);
        var drawn = new List<string>(pack.Size);
        foreach (var slot in pack.Slots)
        {
            if (slot.Weights.Keys.FirstOrDefault(rarity => !set[rarity].Any()) is { } missing)
                return new OpenPackOutcome.SetIncomplete(missing);
            for (var i = 0; i < slot.Count; i++)
                drawn.Add(RandomNumberGenerator.GetItems([.. set[Rarity(slot)]], 1)[0]);
        }
        var data = JsonSerializer.Serialize(new { pack = pack.Id });
        return new OpenPackOutcome.Drawn(
            await mint.RunAsync(actor, new MintOrder(owner, drawn, EventMethod.PackOpening, data), request, cancellationToken)
        );
    }

    private static string Rarity(PackSlot slot)
    {
        var ticket = RandomNumberGenerator.GetInt32(slot.Weights.Values.Sum());
        foreach (var (rarity, weight) in slot.Weights)
            if ((ticket -= weight) < 0)
                return rarity;
        throw new System.Diagnostics.UnreachableException("A ticket below the sum of the weights lies in one of them.");
    }
}
