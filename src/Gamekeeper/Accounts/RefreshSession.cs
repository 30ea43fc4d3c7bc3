using Gamekeeper.Auditing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>
/// Exchanges a refresh token for its successor.
/// <code>
/// token ── current ──────────────────────────→ spent, successor current      Refreshed
///       ── spent, within the grace ──────────→ nothing changes               Refreshed, the same successor
///       ── spent, later ─────────────────────→ session revoked               ReuseDetected
/// </code>
/// The second of two requests at once waits at the row, finds the token spent a moment ago, and gets what the first got.
/// </summary>
public sealed class RefreshSession(
    GameDatabase database,
    MasterKeys masterKeys,
    AccountSecrets secrets,
    IOptions<AccountOptions> options,
    TimeProvider clock
)
{
    private const string Action = "session.refresh";

    internal async Task<RefreshOutcome> RunAsync(string token, Actor from, CancellationToken cancellationToken)
    {
        if (!RefreshToken.IsWellFormed(token))
            return new RefreshOutcome.Unknown();
        // Running it again finds the token spent within the grace, so even a lost commit may be repeated.
        return await database.WriteAsync(
            from.AsSystem(),
            (unit, ct) =>
            {
                unit.MarkRepeatable();
                return WorkAsync(unit, token, from, ct);
            },
            cancellationToken
        );
    }

    private async Task<RefreshOutcome> WorkAsync(UnitOfWork unit, string token, Actor from, CancellationToken cancellationToken)
    {
        var hash = RefreshToken.Hash(token);
        // In this order: whoever waited in the first for another's exchange sees in the second, a statement later, what that one spent.
        var current = unit.Enqueue(new LockCurrent(hash));
        var spent = unit.Enqueue(new FindSpent(hash));
        await unit.FlushAsync(cancellationToken);
        if ((current.FirstOrDefault ?? spent.FirstOrDefault?.Session) is not { } session)
            return unit.Refuse(new RefreshOutcome.Unknown());
        var row = await unit.FirstAsync(new FindAccount(session.Account), cancellationToken);
        var now = clock.GetUtcNow();
        var refusal = session.Revoked || row is not { Account.IsActive: true } ? AccountErrors.SessionRevoked : null;
        if (refusal is null && spent.FirstOrDefault is { } used && now - used.SpentAt > options.Value.RefreshGrace)
        {
            unit.Enqueue(new RevokeReused(session.Id, now));
            refusal = AccountErrors.ReuseDetected;
        }
        if (refusal is null && session.ExpiresAt <= now)
            refusal = AccountErrors.SessionExpired;
        if (refusal is not null)
        {
            unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new(Action, session.Id.ToString(), refusal)));
            return Refusal(refusal);
        }
        var account = row!.Open(secrets);
        if (spent.FirstOrDefault is { } repeated)
            return new RefreshOutcome.Refreshed(
                new(account, session.Id, RefreshToken.Successor(token, masterKeys, repeated.KeyId), session.ExpiresAt)
            );
        var successor = RefreshToken.Successor(token, masterKeys, masterKeys.ActiveId);
        var expires = now + options.Value.RefreshTokenLifetime;
        unit.Enqueue(new Rotate(session.Id, RefreshToken.Hash(successor), now, expires, from));
        unit.Enqueue(new Spend(hash, session.Id, masterKeys.ActiveId, now));
        return new RefreshOutcome.Refreshed(new(account, session.Id, successor, expires));
    }

    private static RefreshOutcome Refusal(string code) =>
        code switch
        {
            AccountErrors.SessionExpired => new RefreshOutcome.Expired(),
            AccountErrors.ReuseDetected => new RefreshOutcome.ReuseDetected(),
            _ => new RefreshOutcome.Revoked(),
        };
}

internal sealed record SessionState(Guid Id, Guid Account, DateTimeOffset ExpiresAt, bool Revoked)
{
    public static SessionState Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetFieldValue<DateTimeOffset>(2), row.GetBoolean(3));
}

internal sealed record SpentToken(SessionState Session, DateTimeOffset SpentAt, string KeyId);

file sealed record LockCurrent(string Hash) : IQuery<LockCurrent, SessionState>
{
    public static string Sql =>
        """
        select id, account_id, expires_at, revoked
        from core.login_sessions
        where refresh_token_hash = $1
        for no key update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Hash);

    public static SessionState Read(NpgsqlDataReader row) => SessionState.Read(row);
}

file sealed record FindSpent(string Hash) : IQuery<FindSpent, SpentToken>
{
    public static string Sql =>
        """
        select s.id, s.account_id, s.expires_at, s.revoked, t.spent_at, t.key_id
        from core.spent_refresh_tokens t
        join core.login_sessions s on s.id = t.session_id
        where t.token_hash = $1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Hash);

    public static SpentToken Read(NpgsqlDataReader row) =>
        new(SessionState.Read(row), row.GetFieldValue<DateTimeOffset>(4), row.GetString(5));
}

file sealed record Rotate(Guid Session, string TokenHash, DateTimeOffset Now, DateTimeOffset Expires, Actor From) : IStatement<Rotate>
{
    public static string Sql =>
        """
        update core.login_sessions
        set refresh_token_hash = $2,
            last_used = $3,
            expires_at = $4,
            ip_address = coalesce($5, ip_address),
            user_agent = coalesce(left($6, 512), user_agent),
            generation = generation + 1
        where id = $1
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Session).Add(TokenHash).Add(Now).Add(Expires).AddNullable(From.IpAddress).AddNullable(From.UserAgent);
}

file sealed record Spend(string Hash, Guid Session, string KeyId, DateTimeOffset Now) : IStatement<Spend>
{
    public static string Sql =>
        "insert into core.spent_refresh_tokens (token_hash, session_id, key_id, spent_at) values ($1, $2, $3, $4)";

    public void Bind(StatementParameters parameters) => parameters.Add(Hash).Add(Session).Add(KeyId).Add(Now);
}

file sealed record RevokeReused(Guid Session, DateTimeOffset Now) : IStatement<RevokeReused>
{
    public static string Sql => "update core.login_sessions set revoked = true, revoked_at = $2 where id = $1 and not revoked";

    public void Bind(StatementParameters parameters) => parameters.Add(Session).Add(Now);
}
