using Gamekeeper.Auditing;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Lets someone without a password, or who lost it, choose one: an operator makes a code, its owner redeems it.</summary>
public sealed class ResetPassword(GameDatabase database, Passwords passwords, TimeProvider clock)
{
    private const string Purpose = "password-reset";

    /// <summary>
    /// Makes a code for an account, good once and for <see cref="OneTimeCodes.Lifetime"/>. Whoever holds it can take the account over:
    /// give it to nobody but the owner.
    /// </summary>
    /// <param name="account">Whose.</param>
    /// <param name="actor">An operator or the system; the caller checks that.</param>
    /// <param name="cancellationToken">Ends the attempt before its commit.</param>
    /// <returns>The code, shown here once and kept nowhere; null when there is no such account or it is closed.</returns>
    public async Task<OneTimeCode?> CreateCodeAsync(Guid account, Actor actor, CancellationToken cancellationToken = default)
    {
        var code = OneTimeCodes.NewCode();
        var expires = clock.GetUtcNow() + OneTimeCodes.Lifetime;
        return await database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                if (await unit.FirstAsync(new LockAccount(account), ct) is not { Account.IsActive: true })
                    return unit.Refuse<OneTimeCode?>(null);
                unit.Enqueue(new InsertCode(OneTimeCodes.Hash(code), account, Purpose, expires));
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new("password-code.create", account.ToString())));
                return new OneTimeCode(code, expires);
            },
            cancellationToken
        );
    }

    /// <summary>Sets the password of the account that the code is for and ends all its sessions. Of several who present one code, one succeeds.</summary>
    /// <param name="code">As the operator gave it.</param>
    /// <param name="newPassword">8 to 256 characters.</param>
    /// <param name="from">Who asks, from where.</param>
    /// <param name="cancellationToken">Ends the attempt before its commit.</param>
    public async Task<ResetPasswordOutcome> RunAsync(string code, string newPassword, Actor from, CancellationToken cancellationToken = default)
    {
        if (Passwords.Problem(newPassword, "newPassword") is { } problem)
            return new ResetPasswordOutcome.Invalid([problem]);
        var actor = from.AsSystem();
        var hash = OneTimeCodes.Hash(code);
        // Looked up first, so that guesses cost a look and not a password's hash.
        if (await database.FirstAsync(new FindCode(hash, Purpose, clock.GetUtcNow()), ReadConsistency.Strong, actor, cancellationToken) is not null)
        {
            var password = await passwords.HashAsync(newPassword, cancellationToken);
            if (await database.WriteAsync(actor, (unit, ct) => WorkAsync(unit, hash, password, ct), cancellationToken) is { } done)
                return done;
        }
        await AccountRefusal.RecordAsync(database, actor, "account.reset-password", null, AccountErrors.CodeRefused, cancellationToken);
        return new ResetPasswordOutcome.CodeRefused();
    }

    private async Task<ResetPasswordOutcome?> WorkAsync(UnitOfWork unit, byte[] code, string password, CancellationToken cancellationToken)
    {
        // The row lock of this update is what makes a second user of the code wait, and then find it used.
        if (await unit.FirstAsync(new UseCode(code, Purpose, clock.GetUtcNow()), cancellationToken) is not { } account)
            return unit.Refuse<ResetPasswordOutcome?>(null);
        if (await unit.FirstAsync(new SetPassword(account, password), cancellationToken) == Guid.Empty)
            return unit.Refuse<ResetPasswordOutcome?>(null);
        var revoked = unit.Enqueue(new RevokeOthers(account, null, clock.GetUtcNow()));
        unit.Enqueue(new UseOtherCodes(account, Purpose, clock.GetUtcNow()));
        unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new("account.reset-password", account.ToString())));
        await unit.FlushAsync(cancellationToken);
        return new ResetPasswordOutcome.Changed(revoked.Rows.Count);
    }
}

/// <summary>What became of a reset.</summary>
public abstract record ResetPasswordOutcome
{
    private ResetPasswordOutcome() { }

    /// <summary>The new password holds; so many sessions were signed out.</summary>
    public sealed record Changed(int RevokedSessions) : ResetPasswordOutcome;

    /// <summary>Unknown, used or expired, or its account is closed; which of them is not told.</summary>
    public sealed record CodeRefused : ResetPasswordOutcome;

    /// <summary>What the new password takes.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ResetPasswordOutcome;
}

file sealed record FindCode(byte[] Hash, string Purpose, DateTimeOffset Now) : IQuery<FindCode, Guid?>
{
    public static string Sql =>
        "select account_id from core.one_time_codes where code_hash = $1 and purpose = $2 and used_at is null and expires_at > $3";

    public void Bind(StatementParameters parameters) => parameters.Add(Hash).Add(Purpose).Add(Now);

    public static Guid? Read(NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record SetPassword(Guid Account, string Hash) : IQuery<SetPassword, Guid>
{
    public static string Sql =>
        "update core.accounts set password_hash = $2, foreign_password_hash = null where id = $1 and is_active returning id";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Hash);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record UseOtherCodes(Guid Account, string Purpose, DateTimeOffset Now) : IStatement<UseOtherCodes>
{
    // idx_one_time_codes_account
    public static string Sql => "update core.one_time_codes set used_at = $3 where account_id = $1 and purpose = $2 and used_at is null";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Purpose).Add(Now);
}
