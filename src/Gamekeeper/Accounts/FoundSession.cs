using Gamekeeper.Caching;
using Gamekeeper.Caching.Values;

namespace Gamekeeper.Accounts;

/// <summary>What decides whether a session may act, and as whom. No token is in it, nor a hash of one.</summary>
internal sealed record FoundSession(
    Guid Account,
    IReadOnlyList<string> Roles,
    DateTimeOffset? FrozenAt,
    bool IsActive,
    bool Revoked,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>Whoever cannot be asked about is not let in: there is no stale answer.</summary>
    public static readonly CacheKey<Guid, FoundSession> Cached = new("core:session:{sessionId}", new FoundSessionCodec())
    {
        TimeToLive = TimeSpan.FromSeconds(300),
        DroppedBy = ["login_sessions", "accounts"],
    };
}

internal sealed class FoundSessionCodec : CacheCodec<FoundSession>
{
    public override byte Version => 1;

    public override void Write(CacheWriter writer, FoundSession value)
    {
        writer.Write(value.Account);
        writer.Write(value.Roles, static (to, role) => to.Write(role));
        writer.Write(value.FrozenAt);
        writer.Write(value.IsActive);
        writer.Write(value.Revoked);
        writer.Write(value.ExpiresAt);
    }

    public override FoundSession Read(ref CacheReader reader)
    {
        var account = reader.ReadGuid();
        var roles = new string[reader.ReadCount()];
        for (var i = 0; i < roles.Length; i++)
            roles[i] = reader.ReadText();
        return new FoundSession(
            account,
            roles,
            reader.ReadNullableInstant(),
            reader.ReadBool(),
            reader.ReadBool(),
            reader.ReadInstant()
        );
    }
}
