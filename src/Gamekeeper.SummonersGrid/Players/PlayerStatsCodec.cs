using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Players;

internal sealed class PlayerStatsCodec : CacheCodec<PlayerStats>
{
    private static readonly PlayerCodec Player = new();

    // The player's layout is part of it.
    public override byte Version => Player.Version;

    public override void Write(CacheWriter writer, PlayerStats value)
    {
        Player.Write(writer, value.Player);
        writer.Write(value.CardsOwned);
        writer.Write(value.TradesCompleted);
    }

    public override PlayerStats Read(ref CacheReader reader) => new(Player.Read(ref reader), reader.ReadLong(), reader.ReadLong());
}
