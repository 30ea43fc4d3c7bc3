using System.Text.Json;

namespace Gamekeeper.Simulation.Demo;

/// <summary>The third part: packs are opened, and only by who may.</summary>
internal sealed class Packs(Wire wire, Action<string> say, string tale)
{
    private const string Booster = "alpha-booster";
    private const int BoosterSize = 8;

    /// <summary>What everyone holds afterwards, by player.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> OpenAsync(
        string game, IReadOnlyList<Person> people, CancellationToken cancellationToken)
    {
        say("");
        say("3. Everyone opens a pack.");
        var held = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal);
        foreach (var person in people)
        {
            (await OpenForAsync(person, game, cancellationToken)).Granted();
            var cards = await person.CardsAsync(wire, cancellationToken);
            if (cards.Count != BoosterSize)
                throw new BrokenPromiseException($"A booster holds {BoosterSize} cards, and {person.Name} has {cards.Count}.");
            // The rarest stand first in the story.
            held[person.Id] = [.. cards.OrderBy(c => Rank(c.GetProperty("template").GetProperty("rarity").GetString()))];
            say($"   {person.Name}: {string.Join(", ", held[person.Id].Take(3).Select(Describe))} and {cards.Count - 3} more.");
        }

        var again = await OpenForAsync(people[0], game, cancellationToken);
        again.Granted();
        if (!again.IsReplay || (await people[0].CardsAsync(wire, cancellationToken)).Count != BoosterSize)
            throw new BrokenPromiseException("The same pack opened twice under one key must draw once.");
        say("   The line drops and Mira's pack is opened again under the same key: the same cards, no new ones.");

        (await wire.PostAsync($"{Wire.Grid}/packs/{Booster}/open", new { ownerId = people[2].Id }, people[2].Token, $"greed-{tale}", cancellationToken))
            .Refused("authorization.not-allowed");
        say("   Vex would like to open packs without the game knowing. Refused: a player cannot make cards.");
        return held;
    }

    private Task<Answer> OpenForAsync(Person person, string game, CancellationToken cancellationToken) =>
        wire.PostAsync($"{Wire.Grid}/packs/{Booster}/open", new { ownerId = person.Id }, game, $"pack-{tale}-{person.Name}", cancellationToken);

    private static string Describe(JsonElement card) =>
        $"{card.GetProperty("template").GetProperty("name").GetString()} ({card.GetProperty("template").GetProperty("rarity").GetString()})";

    private static int Rank(string? rarity) => Array.IndexOf(["legendary", "epic", "rare", "uncommon", "common"], rarity);
}
