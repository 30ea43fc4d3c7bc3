using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Players;

internal sealed class PlayerStatsCodec : CacheCodec<PlayerStats>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, PlayerStats value)
    {
        writer.Write(value.PlayerId);
        writer.Write(value.Level);
        writer.Write(value.Experience);
        writer.Write(value.Rating);
        writer.Write(value.PeakRating);
        writer.Write(value.TotalGames);
        writer.Write(value.GamesWon);
        writer.Write(value.CardsOwned);
        writer.Write(value.TradesCompleted);
    }

    public override PlayerStats Read(ref CacheReader reader) =>
        new()
        {
            PlayerId = reader.ReadGuid(),
            Level = reader.ReadInt(),
            Experience = reader.ReadInt(),
            Rating = reader.ReadInt(),
            PeakRating = reader.ReadInt(),
            TotalGames = reader.ReadInt(),
            GamesWon = reader.ReadInt(),
            CardsOwned = reader.ReadLong(),
            TradesCompleted = reader.ReadLong(),
        };
}
