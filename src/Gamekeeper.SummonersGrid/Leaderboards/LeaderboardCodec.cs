using Gamekeeper.Caching.Values;

namespace Gamekeeper.SummonersGrid.Leaderboards;

internal sealed class LeaderboardCodec : CacheCodec<Leaderboard>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, Leaderboard value)
    {
        writer.Write((byte)value.Type);
        writer.Write(value.AsOf);
        writer.Write(value.Entries, WriteEntry);
    }

    public override Leaderboard Read(ref CacheReader reader)
    {
        var type = (LeaderboardType)reader.ReadByte();
        var asOf = reader.ReadInstant();
        var entries = new LeaderboardEntry[reader.ReadCount(leastBytes: 22)];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new LeaderboardEntry(
                reader.ReadInt(),
                reader.ReadInt(),
                reader.ReadInt(),
                reader.ReadGuid(),
                reader.ReadText(),
                reader.ReadNullableText(),
                reader.ReadNullableText()
            );
        return new Leaderboard(type, entries, asOf);
    }

    private static void WriteEntry(CacheWriter writer, LeaderboardEntry entry)
    {
        writer.Write((long)entry.Position);
        writer.Write((long)entry.Rank);
        writer.Write((long)entry.Score);
        writer.Write(entry.PlayerId);
        writer.Write(entry.Username);
        writer.Write(entry.DisplayName);
        writer.Write(entry.AvatarUrl);
    }
}
