using Gamekeeper.Auditing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.Accounts;

/// <summary>Signs in by name or address and password.</summary>
public sealed class SignIn(
    GameDatabase database,
    MasterKeys masterKeys,
    Passwords passwords,
    SignInThrottle throttle,
    IssueSession sessions
)
{
    private const string Action = "session.sign-in";

    /// <summary>A password or its hash can change under a sign-in; so often it is looked at anew before it counts as wrong.</summary>
    private const int MaxLooks = 3;

    internal async Task<SignInOutcome> RunAsync(string login, string password, Actor from, CancellationToken cancellationToken)
    {
        var actor = from.AsSystem();
        var normal = login.Trim().ToLowerInvariant();
        // Failures count by what was typed and not by whose it is: a name and an address that had to wait together would be known to
        // belong together, and one of them is protected.
        var subject = throttle.SubjectOf(normal);
        for (var look = 1; ; look++)
        {
            var known = await FindAsync(normal, actor, cancellationToken);
            if (await throttle.BlockedUntilAsync(database, subject, cancellationToken) is { } blocked)
            {
                await AccountRefusal.RecordAsync(database, actor, Action, known?.Account, AccountErrors.TooManyAttempts, cancellationToken);
                return new SignInOutcome.TooManyAttempts(blocked);
            }
            // Outside any transaction: it takes a tenth of a second, and no connection may wait for it.
            var verdict = await passwords.VerifyAsync(known?.Stored, password, cancellationToken);
            if (known is null || verdict == PasswordVerdict.Wrong)
                return await FailAsync(actor, known?.Account, subject, cancellationToken);
            var stronger = verdict == PasswordVerdict.RightButWeak ? await passwords.HashAsync(password, cancellationToken) : null;
            var outcome = await database.WriteAsync(actor, (unit, ct) => OpenAsync(unit, known, subject, stronger, from, ct), cancellationToken);
            if (outcome is SignInOutcome.TooManyAttempts)
                await AccountRefusal.RecordAsync(database, actor, Action, known.Account, AccountErrors.TooManyAttempts, cancellationToken);
            if (outcome is not null)
                return outcome;
            if (look == MaxLooks)
                return await FailAsync(actor, known.Account, subject, cancellationToken);
        }
    }

    private async Task<Credentials?> FindAsync(string login, Actor actor, CancellationToken cancellationToken)
    {
        if (!login.Contains('@'))
            return login.Length > 50 || login.Contains('\0')
                ? null
                : await database.FirstAsync(new FindByUsername(login), ReadConsistency.Strong, actor, cancellationToken);
        return EmailAddress.TryParse(login, out var address)
            ? await database.FirstAsync(new FindByEmail(EmailHash.AllOf(address, masterKeys)), ReadConsistency.Strong, actor, cancellationToken)
            : null;
    }

    private Task<SignInOutcome> FailAsync(Actor actor, Guid? account, Guid subject, CancellationToken cancellationToken) =>
        database.WriteAsync<SignInOutcome>(
            actor,
            async (unit, ct) =>
            {
                var until = await throttle.FailedAsync(unit, subject, ct);
                var code = until is null ? AccountErrors.WrongCredentials : AccountErrors.TooManyAttempts;
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new(Action, account?.ToString(), code)));
                return until is { } at ? new SignInOutcome.TooManyAttempts(at) : new SignInOutcome.WrongCredentials();
            },
            cancellationToken
        );

    // Null when the hash is no longer the one that the password was held against.
    private async Task<SignInOutcome?> OpenAsync(
        UnitOfWork unit,
        Credentials known,
        Guid subject,
        string? strongerHash,
        Actor from,
        CancellationToken cancellationToken
    )
    {
        var blocked = throttle.EnqueueSuccess(unit, subject);
        var found = await unit.FirstAsync(new LockWithHash(known.Account, known.Stored!.Text), cancellationToken);
        if (throttle.Until(blocked) is { } until)
            return unit.Refuse(new SignInOutcome.TooManyAttempts(until));
        // Whoever changes a password ends the sessions that are there. One that is opened afterwards needs the new password.
        if (found is { IsSameHash: false })
            return unit.Refuse<SignInOutcome?>(null);
        if (found is not { Row: { Account.IsActive: true } row })
        {
            unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new(Action, known.Account.ToString(), AccountErrors.Closed)));
            return new SignInOutcome.AccountClosed();
        }
        if (strongerHash is not null)
            unit.Enqueue(new RenewHash(known.Account, strongerHash));
        return new SignInOutcome.SignedIn(sessions.Enqueue(unit, row, from, Action));
    }
}

/// <summary>Whose password it is, and what is known of it; null when the account has none.</summary>
internal sealed record Credentials(Guid Account, StoredPassword? Stored)
{
    /// <summary>Of which an account has one at most: our own, or until its first sign-in the one that it came with.</summary>
    public const string Hash = "coalesce(password_hash, foreign_password_hash)";

    /// <summary>For <see cref="Read"/>.</summary>
    public const string Columns = $"id, {Hash}, password_hash is null";

    public static Credentials Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.IsDBNull(1) ? null : new(row.GetString(1), IsForeign: row.GetBoolean(2)));

    public override string ToString() => $"Credentials of {Account}";
}

file sealed record FindByUsername(string UsernameKey) : IQuery<FindByUsername, Credentials>
{
    public static string Sql => $"select {Credentials.Columns} from core.accounts where username_key = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(UsernameKey);

    public static Credentials Read(NpgsqlDataReader row) => Credentials.Read(row);
}

file sealed record FindByEmail(IReadOnlyList<EmailHash> Hashes) : IQuery<FindByEmail, Credentials>
{
    // During a rotation an account stands in the registry under two keys; both lead to the same row.
    public static string Sql =>
        $"""
        select {Credentials.Columns}
        from unnest($1::text[], $2::bytea[]) as asked (key_id, email_hash)
        join core.email_hashes h on h.key_id = asked.key_id and h.email_hash = asked.email_hash
        join core.accounts a on a.id = h.account_id
        limit 1
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Hashes.Select(h => h.KeyId).ToArray())
            .Add(Hashes.Select(h => h.Hash).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public static Credentials Read(NpgsqlDataReader row) => Credentials.Read(row);
}

/// <summary>
/// <see cref="LockAccount"/>, and whether the hash is still the one given. A change that this had to wait for is seen, since PostgreSQL
/// computes the row anew once the lock is there.
/// </summary>
file sealed record LockWithHash(Guid Id, string Hash) : IQuery<LockWithHash, LockedAccount>
{
    public static string Sql { get; } =
        $"""
        select {AccountRow.Columns}, {Credentials.Hash} is not distinct from $2
        from core.accounts a
        left join core.account_keys k on k.account_id = a.id
        where a.id = $1
        for no key update of a
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Hash);

    public static LockedAccount Read(NpgsqlDataReader row) => new(AccountRow.Read(row), row.GetBoolean(18));
}

file sealed record LockedAccount(AccountRow Row, bool IsSameHash);

file sealed record RenewHash(Guid Account, string NewHash) : IStatement<RenewHash>
{
    // Under the lock, and the old hash was looked at.
    public static string Sql => "update core.accounts set password_hash = $2, foreign_password_hash = null where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(NewHash);
}
