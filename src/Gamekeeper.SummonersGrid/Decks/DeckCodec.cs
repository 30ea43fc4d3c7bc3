using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Decks;

internal sealed class DeckCodec : CacheCodec<Deck>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, Deck value)
    {
        writer.Write(value.Id);
        writer.Write(value.OwnerId);
        writer.Write(value.Name);
        writer.Write(value.Description);
        writer.Write(value.Format);
        writer.Write(value.SummonSlots);
        writer.Write(value.MainDeck, static (to, card) => to.Write(card));
        writer.Write(value.AdvanceDeck, static (to, card) => to.Write(card));
        writer.Write(value.IsValid);
        writer.Write(value.ValidationErrors);
        writer.Write(value.IsPublic);
        writer.Write(value.Version);
        writer.Write(value.CreatedAt);
        writer.Write(value.UpdatedAt);
    }

    public override Deck Read(ref CacheReader reader) =>
        new()
        {
            Id = reader.ReadGuid(),
            OwnerId = reader.ReadGuid(),
            Name = reader.ReadText(),
            Description = reader.ReadNullableText(),
            Format = reader.ReadText(),
            SummonSlots = reader.ReadText(),
            MainDeck = Cards(ref reader),
            AdvanceDeck = Cards(ref reader),
            IsValid = reader.ReadBool(),
            ValidationErrors = reader.ReadNullableText(),
            IsPublic = reader.ReadBool(),
            Version = reader.ReadLong(),
            CreatedAt = reader.ReadInstant(),
            UpdatedAt = reader.ReadInstant(),
        };

    private static Guid[] Cards(ref CacheReader reader)
    {
        var cards = new Guid[reader.ReadCount(leastBytes: 16)];
        for (var i = 0; i < cards.Length; i++)
            cards[i] = reader.ReadGuid();
        return cards;
    }
}
