using Gamekeeper.Auditing;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Changes a password; whoever else is signed in with the old one is signed out.</summary>
public sealed class ChangePassword(GameDatabase database, Passwords passwords, SignInThrottle throttle, TimeProvider clock)
{
    private const string Action = "account.change-password";

    /// <summary>Needs the old password; wrong ones count, apart from failed sign-ins. Not safe to repeat: the old one is then the new one.</summary>
    /// <param name="account">Whose; players change their own alone.</param>
    /// <param name="oldPassword">As it is now.</param>
    /// <param name="newPassword">8 to 256 characters.</param>
    /// <param name="keepSession">The session that stays signed in; null for none.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends the attempt before its commit.</param>
    public async Task<ChangePasswordOutcome> RunAsync(
        Guid account,
        string oldPassword,
        string newPassword,
        Guid? keepSession,
        Actor actor,
        CancellationToken cancellationToken = default
    )
    {
        if (Passwords.Problem(newPassword, "newPassword") is { } problem)
            return new ChangePasswordOutcome.Invalid([problem]);
        if (await throttle.BlockedUntilAsync(database, account, cancellationToken) is { } blocked)
        {
            await AccountRefusal.RecordAsync(database, actor, Action, account, AccountErrors.TooManyAttempts, cancellationToken);
            return new ChangePasswordOutcome.TooManyAttempts(blocked);
        }
        var found = await database.FirstAsync(new FindPassword(account), ReadConsistency.Strong, actor, cancellationToken);
        if (found is null)
        {
            await AccountRefusal.RecordAsync(database, actor, Action, account, AccountErrors.NotFound, cancellationToken);
            return new ChangePasswordOutcome.NotFound();
        }
        var verdict = await passwords.VerifyAsync(found.Stored, oldPassword, cancellationToken);
        if (verdict == PasswordVerdict.Wrong)
            return await FailAsync(actor, account, cancellationToken);
        var fresh = await passwords.HashAsync(newPassword, cancellationToken);
        var outcome = await database.WriteAsync(
            actor,
            (unit, ct) => WorkAsync(unit, account, found.Stored!.Text, fresh, keepSession, ct),
            cancellationToken
        );
        if (outcome is ChangePasswordOutcome.WrongPassword)
            await AccountRefusal.RecordAsync(database, actor, Action, account, AccountErrors.WrongCredentials, cancellationToken);
        return outcome;
    }

    private async Task<ChangePasswordOutcome> WorkAsync(
        UnitOfWork unit,
        Guid account,
        string oldHash,
        string newHash,
        Guid? keepSession,
        CancellationToken cancellationToken
    )
    {
        var blocked = throttle.EnqueueSuccess(unit, account);
        // The old hash is named: of two changes at once one wins, and the other's old password is wrong by then.
        var changed = unit.Enqueue(new StorePassword(account, oldHash, newHash));
        var revoked = unit.Enqueue(new RevokeOthers(account, keepSession, clock.GetUtcNow()));
        await unit.FlushAsync(cancellationToken);
        if (throttle.Until(blocked) is { } until)
            return unit.Refuse(new ChangePasswordOutcome.TooManyAttempts(until));
        if (changed.Rows.Count == 0)
            return unit.Refuse(new ChangePasswordOutcome.WrongPassword());
        unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new(Action, account.ToString())));
        return new ChangePasswordOutcome.Changed(revoked.Rows.Count);
    }

    private Task<ChangePasswordOutcome> FailAsync(Actor actor, Guid account, CancellationToken cancellationToken) =>
        database.WriteAsync<ChangePasswordOutcome>(
            actor,
            async (unit, ct) =>
            {
                var until = await throttle.FailedAsync(unit, account, ct);
                var code = until is null ? AccountErrors.WrongCredentials : AccountErrors.TooManyAttempts;
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new(Action, account.ToString(), code)));
                return until is { } at ? new ChangePasswordOutcome.TooManyAttempts(at) : new ChangePasswordOutcome.WrongPassword();
            },
            cancellationToken
        );
}

/// <summary>What became of a change of password.</summary>
public abstract record ChangePasswordOutcome
{
    private ChangePasswordOutcome() { }

    /// <summary>Changed; so many other sessions were signed out.</summary>
    public sealed record Changed(int RevokedSessions) : ChangePasswordOutcome;

    /// <summary>The old password is another, or the account has none.</summary>
    public sealed record WrongPassword : ChangePasswordOutcome;

    /// <summary>Too many failures; even the right password is refused until then.</summary>
    public sealed record TooManyAttempts(DateTimeOffset RetryAt) : ChangePasswordOutcome;

    /// <summary>What the new password takes.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ChangePasswordOutcome;

    /// <summary>No such account, or closed, or not the actor's.</summary>
    public sealed record NotFound : ChangePasswordOutcome;
}

file sealed record FindPassword(Guid Account) : IQuery<FindPassword, Credentials>
{
    public static string Sql => $"select {Credentials.Columns} from core.accounts where id = $1 and is_active";

    public void Bind(StatementParameters parameters) => parameters.Add(Account);

    public static Credentials Read(NpgsqlDataReader row) => Credentials.Read(row);
}

file sealed record StorePassword(Guid Account, string OldHash, string NewHash) : IQuery<StorePassword, Guid>
{
    public static string Sql =>
        $"update core.accounts set password_hash = $3, foreign_password_hash = null where id = $1 and {Credentials.Hash} = $2 returning id";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(OldHash).Add(NewHash);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
