using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Matches;

internal sealed class MatchCodec : CacheCodec<Match>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, Match value)
    {
        writer.Write(value.Id);
        writer.Write(value.GameId);
        writer.Write(value.GameMode);
        writer.Write(value.Format);
        writer.Write(value.PlayerAId);
        writer.Write(value.PlayerBId);
        writer.Write(value.WinnerId);
        writer.Write((byte)value.Status);
        writer.Write(value.StartTime);
        writer.Write(value.EndTime);
        writer.Write((long?)value.DurationSeconds);
        writer.Write(value.RatingChanges, WriteChange);
    }

    public override Match Read(ref CacheReader reader) =>
        new()
        {
            Id = reader.ReadGuid(),
            GameId = reader.ReadText(),
            GameMode = reader.ReadText(),
            Format = reader.ReadText(),
            PlayerAId = reader.ReadGuid(),
            PlayerBId = reader.ReadGuid(),
            WinnerId = reader.ReadNullableGuid(),
            Status = (MatchStatus)reader.ReadByte(),
            StartTime = reader.ReadInstant(),
            EndTime = reader.ReadNullableInstant(),
            DurationSeconds = (int?)reader.ReadNullableLong(),
            RatingChanges = Changes(ref reader),
        };

    private static void WriteChange(CacheWriter writer, RatingChange change)
    {
        writer.Write(change.Player);
        writer.Write((long)change.Before);
        writer.Write((long)change.After);
    }

    private static RatingChange[] Changes(ref CacheReader reader)
    {
        var changes = new RatingChange[reader.ReadCount(leastBytes: 18)];
        for (var i = 0; i < changes.Length; i++)
            changes[i] = new RatingChange(reader.ReadGuid(), reader.ReadInt(), reader.ReadInt());
        return changes;
    }
}
