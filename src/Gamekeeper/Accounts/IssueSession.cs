using Gamekeeper.Auditing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Accounts;

/// <summary>Opens a session for an account that has been authenticated, in the caller's transaction.</summary>
public sealed class IssueSession(IOptions<AccountOptions> options, AccountSecrets secrets, TimeProvider clock)
{
    internal IssuedSession Enqueue(UnitOfWork unit, AccountRow row, Actor from, string action)
    {
        var now = clock.GetUtcNow();
        var token = RefreshToken.New();
        var id = Guid.CreateVersion7(now);
        var expires = now + options.Value.RefreshTokenLifetime;
        unit.Enqueue(new InsertSession(id, row.Account.Id, RefreshToken.Hash(token), now, expires, from));
        unit.Enqueue(new TouchLastLogin(row.Account.Id, now));
        // Recorded under the account's own name: this is what its owner did.
        var owner = @from with { Kind = ActorKind.Player, Id = row.Account.Id };
        unit.Enqueue(new WriteActivity<CoreSchema>(owner, new(action, id.ToString())));
        return new(row.Open(secrets) with { LastLogin = now }, id, token, expires);
    }
}

file sealed record InsertSession(Guid Id, Guid Account, string TokenHash, DateTimeOffset Now, DateTimeOffset Expires, Actor From)
    : IStatement<InsertSession>
{
    public static string Sql =>
        """
        insert into core.login_sessions
          (id, account_id, refresh_token_hash, created_at, last_used, expires_at, ip_address, user_agent)
        values ($1, $2, $3, $4, $4, $5, $6, left($7, 512))
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Id).Add(Account).Add(TokenHash).Add(Now).Add(Expires).AddNullable(From.IpAddress).AddNullable(From.UserAgent);
}

file sealed record TouchLastLogin(Guid Account, DateTimeOffset Now) : IStatement<TouchLastLogin>
{
    public static string Sql => "update core.accounts set last_login = $2 where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Now);
}
