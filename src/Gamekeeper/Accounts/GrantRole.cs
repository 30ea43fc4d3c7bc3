using Gamekeeper.Auditing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;

namespace Gamekeeper.Accounts;

/// <summary>Gives and takes roles. Effective at the next request: sessions are checked against the account, not against their start.</summary>
public sealed class GrantRole(GameDatabase database, AccountSecrets secrets)
{
    /// <summary>Gives a role. Safe to repeat.</summary>
    /// <exception cref="ArgumentException">The role is none of <see cref="AccountRoles.All"/>.</exception>
    public Task<GrantRoleOutcome> GrantAsync(Guid account, string role, Actor actor, CancellationToken cancellationToken = default) =>
        RunAsync(account, role, actor, "account.grant-role", unit => unit.Enqueue(new AddRole(account, role)), cancellationToken);

    /// <summary>Takes a role. Safe to repeat.</summary>
    /// <exception cref="ArgumentException">The role is none of <see cref="AccountRoles.All"/>.</exception>
    public Task<GrantRoleOutcome> RevokeAsync(Guid account, string role, Actor actor, CancellationToken cancellationToken = default) =>
        RunAsync(account, role, actor, "account.revoke-role", unit => unit.Enqueue(new RemoveRole(account, role)), cancellationToken);

    private async Task<GrantRoleOutcome> RunAsync(
        Guid account,
        string role,
        Actor actor,
        string action,
        Action<UnitOfWork> change,
        CancellationToken cancellationToken
    )
    {
        if (!AccountRoles.All.Contains(role))
            throw new ArgumentException($"A role is one of {string.Join(", ", AccountRoles.All)}.", nameof(role));
        var outcome = actor.Kind is ActorKind.Operator or ActorKind.System
            ? await database.WriteAsync(actor, (unit, ct) => WorkAsync(unit, account, role, action, change, ct), cancellationToken)
            : new GrantRoleOutcome.NotAllowed();
        if (outcome is not GrantRoleOutcome.Done)
        {
            var code = outcome is GrantRoleOutcome.NotFound ? AccountErrors.NotFound : AccountErrors.NotAllowed;
            await AccountRefusal.RecordAsync(database, actor, action, account, code, cancellationToken);
        }
        return outcome;
    }

    private async Task<GrantRoleOutcome> WorkAsync(
        UnitOfWork unit,
        Guid account,
        string role,
        string action,
        Action<UnitOfWork> change,
        CancellationToken cancellationToken
    )
    {
        unit.MarkRepeatable();
        unit.FoundDone();
        change(unit);
        var row = await unit.FirstAsync(new FindAccount(account), cancellationToken);
        if (row is not { Account.IsActive: true })
            return unit.Refuse(new GrantRoleOutcome.NotFound());
        unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new(action, account.ToString(), null, $$"""{"role":"{{role}}"}""")));
        return new GrantRoleOutcome.Done(row.Open(secrets));
    }
}

/// <summary>What became of giving or taking a role.</summary>
public abstract record GrantRoleOutcome
{
    private GrantRoleOutcome() { }

    /// <summary>As it is now, whether or not it was so before.</summary>
    public sealed record Done(Account Account) : GrantRoleOutcome;

    /// <summary>No such account, or closed.</summary>
    public sealed record NotFound : GrantRoleOutcome;

    /// <summary>Only operators and the system give roles.</summary>
    public sealed record NotAllowed : GrantRoleOutcome;
}

file sealed record AddRole(Guid Account, string Role) : IStatement<AddRole>
{
    public static string Sql =>
        "update core.accounts set roles = roles || $2::text where id = $1 and is_active and not roles @> array[$2::text]";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Role);
}

file sealed record RemoveRole(Guid Account, string Role) : IStatement<RemoveRole>
{
    public static string Sql =>
        "update core.accounts set roles = array_remove(roles, $2::text) where id = $1 and is_active and roles @> array[$2::text]";

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Role);
}
