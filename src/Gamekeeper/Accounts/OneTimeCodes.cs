using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Auditing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Codes that sign in once, within an hour: how the first operator of a new installation gets in.</summary>
public sealed class OneTimeCodes(GameDatabase database, AccountSecrets secrets, IssueSession sessions, TimeProvider clock)
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string OperatorName = "operator";
    private const string Purpose = "operator-sign-in";

    /// <summary>
    /// Makes a code for the account named <c>operator</c>, which is made with the operator role when it is missing. Whoever may run
    /// this may become operator.
    /// </summary>
    /// <returns>The code, 43 characters; it is shown here once and kept nowhere.</returns>
    public async Task<OneTimeCode> CreateOperatorCodeAsync(CancellationToken cancellationToken = default)
    {
        var code = NewCode();
        var expires = clock.GetUtcNow() + Lifetime;
        var actor = Actor.System(clock);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                secrets.Make(id, out var wrapped);
                var account = await unit.FirstAsync(new EnsureOperator(id, OperatorName), ct);
                if (account == id)
                    AccountSecrets.Store(unit, id, wrapped);
                unit.Enqueue(new InsertCode(Hash(code), account, Purpose, expires));
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new("one-time-code.create", account.ToString())));
            },
            cancellationToken
        );
        return new(code, expires);
    }

    /// <summary>Signs in with a code. Of several who present the same code, one gets in.</summary>
    public Task<CodeSignInOutcome> SignInAsync(string code, Actor from, CancellationToken cancellationToken = default) =>
        database.WriteAsync<CodeSignInOutcome>(
            from.AsSystem(),
            async (unit, ct) =>
            {
                // The row lock of this update is what makes a second user of the code wait, and then find it used.
                var account = await unit.FirstAsync(new UseCode(Hash(code), Purpose, clock.GetUtcNow()), ct);
                var row = account is { } id ? await unit.FirstAsync(new LockAccount(id), ct) : null;
                if (row is { Account.IsActive: true })
                    return new CodeSignInOutcome.SignedIn(sessions.Enqueue(unit, row, from, "session.sign-in-by-code"));
                unit.Enqueue(
                    new WriteActivity<CoreSchema>(unit.Actor, new("session.sign-in-by-code", account?.ToString(), AccountErrors.CodeRefused))
                );
                return new CodeSignInOutcome.Refused();
            },
            cancellationToken
        );

    internal static string NewCode() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    internal static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}

/// <summary>A code as it is shown once.</summary>
public sealed record OneTimeCode(string Code, DateTimeOffset ExpiresAt)
{
    /// <summary>Without the code.</summary>
    public override string ToString() => $"OneTimeCode until {ExpiresAt:u}";
}

/// <summary>What became of a sign-in by code.</summary>
public abstract record CodeSignInOutcome
{
    private CodeSignInOutcome() { }

    /// <summary>Signed in; the code is used up.</summary>
    public sealed record SignedIn(IssuedSession Session) : CodeSignInOutcome;

    /// <summary>Unknown, used or expired; which of them is not told.</summary>
    public sealed record Refused : CodeSignInOutcome;
}

file sealed record EnsureOperator(Guid Id, string Username) : IQuery<EnsureOperator, Guid>
{
    // The name is reserved, so that nobody who signed up can be standing here.
    public static string Sql =>
        """
        insert into core.accounts as a (id, kind, username, roles)
        values ($1, 'person', $2, array['operator'])
        on conflict (username_key) do update
        set roles = case when 'operator' = any(a.roles) then a.roles else a.roles || array['operator'] end
        returning id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Username);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

internal sealed record InsertCode(byte[] Hash, Guid Account, string Purpose, DateTimeOffset Expires) : IStatement<InsertCode>
{
    public static string Sql => "insert into core.one_time_codes (code_hash, account_id, purpose, expires_at) values ($1, $2, $3, $4)";

    public void Bind(StatementParameters parameters) => parameters.Add(Hash).Add(Account).Add(Purpose).Add(Expires);
}

internal sealed record UseCode(byte[] Hash, string Purpose, DateTimeOffset Now) : IQuery<UseCode, Guid?>
{
    public static string Sql =>
        """
        update core.one_time_codes
        set used_at = $3
        where code_hash = $1
          and purpose = $2
          and used_at is null
          and expires_at > $3
        returning account_id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Hash).Add(Purpose).Add(Now);

    public static Guid? Read(NpgsqlDataReader row) => row.GetGuid(0);
}
