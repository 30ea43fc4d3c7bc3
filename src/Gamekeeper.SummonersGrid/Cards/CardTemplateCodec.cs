using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Cards;

internal sealed class CardTemplateCodec : CacheCodec<CardTemplate>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, CardTemplate value)
    {
        writer.Write(value.Id);
        writer.Write(value.Name);
        writer.Write(value.Type);
        writer.Write(value.Rarity);
        writer.Write(value.Cost);
        writer.Write(value.Requirements);
        writer.Write(value.Effects);
        writer.Write(value.Attributes);
        writer.Write(value.Stats);
        writer.Write(value.FlavorText);
        writer.Write(value.ImageUrl);
    }

    public override CardTemplate Read(ref CacheReader reader) =>
        new()
        {
            Id = reader.ReadText(),
            Name = reader.ReadText(),
            Type = reader.ReadText(),
            Rarity = reader.ReadText(),
            Cost = reader.ReadNullableText(),
            Requirements = reader.ReadNullableText(),
            Effects = reader.ReadNullableText(),
            Attributes = reader.ReadNullableText(),
            Stats = reader.ReadNullableText(),
            FlavorText = reader.ReadNullableText(),
            ImageUrl = reader.ReadNullableText(),
        };
}
