using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Players;

internal sealed class PlayerStatsCodec : CacheCodec<PlayerStats>
{
    private readonly PlayerCodec _player = new();

    public override byte Version => 1;

    public override void Write(CacheWriter writer, PlayerStats value)
    {
        _player.Write(writer, value.Player);
        writer.Write(value.CardsOwned);
        writer.Write(value.TradesCompleted);
    }

    public override PlayerStats Read(ref CacheReader reader) => new(_player.Read(ref reader), reader.ReadLong(), reader.ReadLong());
}
