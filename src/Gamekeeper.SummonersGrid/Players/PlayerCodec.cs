using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Players;

internal sealed class PlayerCodec : CacheCodec<Player>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, Player value)
    {
        writer.Write(value.Id);
        writer.Write(value.Username);
        writer.Write(value.DisplayName);
        writer.Write(value.AvatarUrl);
        writer.Write(value.Level);
        writer.Write(value.Experience);
        writer.Write(value.Rating);
        writer.Write(value.PeakRating);
        writer.Write(value.TotalGames);
        writer.Write(value.GamesWon);
        writer.Write(value.IsActive);
        writer.Write(value.FrozenAt);
        writer.Write(value.CreatedAt);
    }

    public override Player Read(ref CacheReader reader) =>
        new()
        {
            Id = reader.ReadGuid(),
            Username = reader.ReadText(),
            DisplayName = reader.ReadNullableText(),
            AvatarUrl = reader.ReadNullableText(),
            Level = reader.ReadInt(),
            Experience = reader.ReadInt(),
            Rating = reader.ReadInt(),
            PeakRating = reader.ReadInt(),
            TotalGames = reader.ReadInt(),
            GamesWon = reader.ReadInt(),
            IsActive = reader.ReadBool(),
            FrozenAt = reader.ReadNullableInstant(),
            CreatedAt = reader.ReadInstant(),
        };
}
