using System.Collections.Frozen;
using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Packs;

/// <summary>The packs of this version of the game, from <c>packs.json</c> beside this file. Wrong weights stop the start-up.</summary>
public sealed class PackCatalogue
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly FrozenDictionary<string, Pack> _packs = Load().ToFrozenDictionary(p => p.Id, StringComparer.Ordinal);

    /// <summary>All packs.</summary>
    public IReadOnlyCollection<Pack> All => _packs.Values;

    /// <summary>One pack; null when there is none.</summary>
    public Pack? Find(string id) => _packs.GetValueOrDefault(id);

    private static Pack[] Load()
    {
        using var file = typeof(PackCatalogue).Assembly.GetManifestResourceStream("Gamekeeper.SummonersGrid.Packs.packs.json")!;
        var packs = JsonSerializer.Deserialize<Pack[]>(file, SnakeCase)!;
        foreach (var pack in packs)
            if (pack.Slots.Count == 0 || pack.Slots.Any(s => s.Count < 1 || s.Weights.Count == 0 || s.Weights.Values.Any(w => w < 1)))
                throw new GamekeeperException(
                    "packs.invalid",
                    $"Pack {pack.Id} in packs.json has a slot without cards or weights; every slot has a count and weights of at least 1."
                );
        return packs;
    }
}
