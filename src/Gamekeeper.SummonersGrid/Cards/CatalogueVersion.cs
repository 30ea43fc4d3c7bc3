using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>Grows with every change of a template.</summary>
internal sealed record CatalogueVersion(long Number);

internal sealed class CatalogueVersionCodec : CacheCodec<CatalogueVersion>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, CatalogueVersion value) => writer.Write(value.Number);

    public override CatalogueVersion Read(ref CacheReader reader) => new(reader.ReadLong());
}
