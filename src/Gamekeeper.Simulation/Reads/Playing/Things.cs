using System.Globalization;
using System.Text.Json;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>A player's experience, set by the game under a key; in the profile and in the statistics.</summary>
internal sealed class Numbers(Subject subject, Guid player, string serviceKey) : ReadableThing(subject)
{
    public override IReadOnlyList<string> Paths { get; } = [$"{Cast.Grid}/players/{player}", $"{Cast.Grid}/players/{player}/stats"];

    public override HttpRequestMessage Spell(Written write) =>
        Wire.Message(
            HttpMethod.Post,
            $"{Cast.Grid}/players/stats",
            serviceKey,
            new { updates = new[] { new { playerId = player, experience = write.Value } } },
            $"proof-{Subject.Number}-{write.Value}"
        );

    public override WriteEnd Read(Written write, WireAnswer answer) => answer.IsSuccess ? WriteEnd.Acknowledged : WriteEnd.Odd;

    public override int? Value(WireAnswer answer) =>
        answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("experience", out var value) ? value.GetInt32() : null;
}

/// <summary>The name of a public deck, changed by its owner from the version that the owner knows.</summary>
internal sealed class DeckName(Subject subject, Guid deck, Member owner) : ReadableThing(subject)
{
    public Guid Deck => deck;

    public override IReadOnlyList<string> Paths { get; } = [$"{Cast.Grid}/decks/{deck}"];

    // Each write moves the version by one, from the 1 that it was made with.
    public override HttpRequestMessage Spell(Written write)
    {
        var message = Wire.Message(HttpMethod.Patch, Paths[0], owner.Token, new { name = Name(write.Value) });
        message.Headers.TryAddWithoutValidation("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{write.Value}\""));
        return message;
    }

    // "Somebody was faster": nobody but an earlier sending of the same can have been.
    public override WriteEnd Read(Written write, WireAnswer answer) =>
        answer.IsSuccess ? WriteEnd.Acknowledged
        : answer.Status == 412 && write.LostTo >= 0 ? WriteEnd.FoundDone
        : WriteEnd.Odd;

    public override int? Value(WireAnswer answer) =>
        answer.Body.ValueKind == JsonValueKind.Object
        && answer.Body.TryGetProperty("name", out var name)
        && int.TryParse(name.GetString().AsSpan(1), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    public static string Name(int value) => string.Create(CultureInfo.InvariantCulture, $"v{value:000000}");
}

/// <summary>A player's cards, of which there is one more with each write; the newest one's template tells how many there are.</summary>
internal sealed class Collection(Subject subject, Guid player, string serviceKey) : ReadableThing(subject)
{
    /// <summary>Values are told apart within so many.</summary>
    public const int Templates = 200;

    public Guid Player => player;

    public override IReadOnlyList<string> Paths { get; } = [$"{Cast.Grid}/players/{player}/cards?limit=1"];

    public override HttpRequestMessage Spell(Written write) =>
        Wire.Message(
            HttpMethod.Post,
            $"{Cast.Grid}/cards",
            serviceKey,
            new { ownerId = player, templateIds = new[] { Template(write.Value % Templates) } },
            $"proof-{Subject.Number}-{write.Value}"
        );

    public override WriteEnd Read(Written write, WireAnswer answer) => answer.IsSuccess ? WriteEnd.Acknowledged : WriteEnd.Odd;

    // The highest value that it can be: what was written by the time the answer was there, or shortly before.
    public override int? Value(WireAnswer answer)
    {
        if (answer.Body.ValueKind != JsonValueKind.Object || !answer.Body.TryGetProperty("items", out var items) || items.GetArrayLength() == 0)
            return null;
        var number = int.Parse(items[0].GetProperty("templateId").GetString().AsSpan(Cast.TemplatePrefix.Length), CultureInfo.InvariantCulture);
        var begun = Subject.Begun;
        var behind = (((begun - number) % Templates) + Templates) % Templates;
        return begun - behind;
    }

    public static string Template(int number) => string.Create(CultureInfo.InvariantCulture, $"{Cast.TemplatePrefix}{number:000}");
}
