using System.Net;
using Gamekeeper.Auditing;
using Gamekeeper.Batching;
using Gamekeeper.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Sign-in, refresh, sign-out. No token is stored, only hashes of them.</summary>
public sealed class LoginSessions(
    GameDatabase database,
    SignIn signIn,
    RefreshSession refresh,
    IssueSession issue,
    GameCache cache,
    WriteBehind<SessionUse> uses,
    TimeProvider clock
)
{
    /// <summary>Signs in by username or e-mail address and password. Not safe to repeat: each success is a session of its own.</summary>
    /// <param name="login">Username or address, in any case.</param>
    /// <param name="password">As typed.</param>
    /// <param name="from">Address, agent and request of the caller; the deed is the system's.</param>
    /// <param name="cancellationToken">Ends the attempt before its commit.</param>
    public Task<SignInOutcome> SignInAsync(string login, string password, Actor from, CancellationToken cancellationToken = default) =>
        signIn.RunAsync(login, password, from, cancellationToken);

    /// <summary>
    /// Opens a session for an account that the caller has authenticated otherwise: a guest just made, an identity elsewhere.
    /// Answers null when there is no such active account.
    /// </summary>
    public Task<IssuedSession?> OpenAsync(Guid account, Actor from, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            from.AsSystem(),
            async (unit, ct) =>
            {
                var row = await unit.FirstAsync(new LockAccount(account), ct);
                return row is { Account.IsActive: true } ? issue.Enqueue(unit, row, from, "session.open") : null;
            },
            cancellationToken
        );

    /// <summary>Exchanges a refresh token for its successor; sent again within the grace, the same successor.</summary>
    public Task<RefreshOutcome> RefreshAsync(string refreshToken, Actor from, CancellationToken cancellationToken = default) =>
        refresh.RunAsync(refreshToken, from, cancellationToken);

    /// <summary>
    /// What is known of a session now, for every request: through the cache, else one indexed read. A revocation, a freeze or another role
    /// counts on every node as soon as it was acknowledged. <see cref="LoginSession.LastUsed"/> of a live one follows within half a minute.
    /// </summary>
    public async Task<SessionCheck> CheckAsync(Guid session, CancellationToken cancellationToken = default)
    {
        var row = await cache.GetAsync(
            FoundSession.Cached,
            session,
            (database, clock),
            static (from, id, ct) => from.database.FirstAsync(new FindSession(id), ReadConsistency.Strong, Actor.System(from.clock), ct),
            cancellationToken
        );
        if (row is null)
            return new SessionCheck.Unknown();
        if (row.Revoked || !row.IsActive)
            return new SessionCheck.Revoked();
        var now = clock.GetUtcNow();
        if (row.ExpiresAt <= now)
            return new SessionCheck.Expired();
        // Where there is no room for it, the next request says it again.
        uses.Accept(new SessionUse(session, now));
        return new SessionCheck.Live(row.Account, row.Roles, row.FrozenAt);
    }

    /// <summary>Live sessions of an account, latest first, at most 100; players see their own alone.</summary>
    public Task<IReadOnlyList<LoginSession>> ListAsync(Guid account, Actor actor, CancellationToken cancellationToken = default) =>
        database.ListAsync(new FindLive(account, clock.GetUtcNow()), ReadConsistency.Strong, actor, cancellationToken);

    /// <summary>
    /// Signs a session out: one's own, or as a trusted actor any. False when there is none to see, or it was signed out before. Safe to
    /// repeat.
    /// </summary>
    public Task<bool> RevokeAsync(Guid session, Actor actor, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var revoked = await unit.ListAsync(new Revoke(session, clock.GetUtcNow()), ct);
                var code = revoked.Count > 0 ? null : AccountErrors.SessionUnknown;
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new("session.revoke", session.ToString(), code)));
                return revoked.Count > 0;
            },
            cancellationToken
        );
}

file sealed record FindSession(Guid Session) : IQuery<FindSession, FoundSession>
{
    public static string Sql =>
        """
        select s.account_id, a.roles, a.frozen_at, a.is_active, s.revoked, s.expires_at
        from core.login_sessions s
        join core.accounts a on a.id = s.account_id
        where s.id = $1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Session);

    public static FoundSession Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetFieldValue<string[]>(1),
            row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
            row.GetBoolean(3),
            row.GetBoolean(4),
            row.GetFieldValue<DateTimeOffset>(5)
        );
}

file sealed record FindLive(Guid Account, DateTimeOffset Now) : IQuery<FindLive, LoginSession>
{
    public static string Sql =>
        """
        select id, created_at, last_used, expires_at, ip_address, user_agent
        from core.login_sessions
        where account_id = $1
          and not revoked
          and expires_at > $2
        order by created_at desc
        limit 100
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Now);

    public static LoginSession Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetFieldValue<DateTimeOffset>(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.GetFieldValue<DateTimeOffset>(3),
            row.IsDBNull(4) ? null : row.GetFieldValue<IPAddress>(4),
            row.IsDBNull(5) ? null : row.GetString(5)
        );
}

file sealed record Revoke(Guid Session, DateTimeOffset Now) : IQuery<Revoke, Guid>
{
    public static string Sql =>
        "update core.login_sessions set revoked = true, revoked_at = $2 where id = $1 and not revoked returning account_id";

    public void Bind(StatementParameters parameters) => parameters.Add(Session).Add(Now);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>Signs an account out everywhere but in one session; which sessions that were.</summary>
internal sealed record RevokeOthers(Guid Account, Guid? Keep, DateTimeOffset Now) : IQuery<RevokeOthers, Guid>
{
    public static string Sql =>
        """
        update core.login_sessions
        set revoked = true, revoked_at = $3
        where account_id = $1
          and not revoked
          and id is distinct from $2
        returning id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Account).AddNullable(Keep).Add(Now);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
