using Gamekeeper.Accounts;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Commands.Incidents;

/// <summary>Accounts as someone at a terminal names them: by username or by id.</summary>
internal static class People
{
    /// <summary>The operator under whose name something is done.</summary>
    /// <exception cref="GamekeeperException">
    /// <c>accounts.not-found</c>: no such account. <c>authorization.not-allowed</c>: it is closed, or no operator's.
    /// </exception>
    public static async Task<Actor> OperatorAsync(OpenedGamekeeper gamekeeper, string name, TimeProvider clock, CancellationToken cancellationToken)
    {
        var id = await PlayerAsync(gamekeeper, name, cancellationToken);
        var account = await gamekeeper.Get<AccountRepository>().FindAsync(id, Actor.System(clock), cancellationToken);
        return account is { IsActive: true } && account.Roles.Contains(AccountRoles.Operator)
            ? new Actor(ActorKind.Operator, id, Guid.CreateVersion7(clock.GetUtcNow()))
            : throw new GamekeeperException("authorization.not-allowed", $"{name} is no operator; --as takes the name of an account with that role.");
    }

    /// <exception cref="GamekeeperException"><c>accounts.not-found</c>: no such account.</exception>
    public static async Task<Guid> PlayerAsync(OpenedGamekeeper gamekeeper, string name, CancellationToken cancellationToken)
    {
        var accounts = gamekeeper.Get<AccountRepository>();
        var found = Guid.TryParse(name, out var id)
            ? await accounts.PublicAsync([id], cancellationToken) is [var named] ? named : null
            : await accounts.FindByUsernameAsync(name, cancellationToken);
        return found?.Id ?? throw new GamekeeperException("accounts.not-found", $"There is no account {name}.");
    }

    /// <summary>An input that was refused, in one sentence.</summary>
    public static GamekeeperException Wrong(IEnumerable<FieldError> errors) =>
        new("usage.invalid", string.Join("; ", errors.Select(e => $"{e.Field} {e.Problem}")) + ".");
}
