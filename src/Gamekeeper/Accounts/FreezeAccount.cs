using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>
/// Freezes an account: it may look and play on, and may neither give nor take. When this returns the freeze is effective in every game;
/// if a game cannot be told, the failure reaches the caller, the freeze stands, and the relay keeps trying.
/// </summary>
public sealed class FreezeAccount(GameDatabase database, AccountSecrets secrets, AccountProjections projections)
{
    private const string Action = "account.freeze";

    /// <summary>Signs nobody out. Safe to repeat: a frozen account answers so and is delivered again.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="reason">For operators, 1 to 500 characters.</param>
    /// <param name="actor">An operator, a service or the system.</param>
    /// <param name="cancellationToken">Ends the attempt before its commit.</param>
    public async Task<FreezeOutcome> RunAsync(Guid account, string reason, Actor actor, CancellationToken cancellationToken = default)
    {
        if (AccountFields.Reason(reason) is { } problem)
            return new FreezeOutcome.Invalid([problem]);
        var outcome = actor.IsTrusted
            ? await database.WriteAsync(actor, (unit, ct) => WorkAsync(unit, account, reason, ct), cancellationToken)
            : new FreezeOutcome.NotAllowed();
        if (Code(outcome) is { } code)
            await AccountRefusal.RecordAsync(database, actor, Action, account, code, cancellationToken);
        // Also when nothing changed: whoever asks again asks because the first answer was lost, maybe before every game knew.
        if (outcome is FreezeOutcome.Frozen or FreezeOutcome.AlreadyFrozen)
            await projections.DeliverAsync(account, cancellationToken);
        return outcome;
    }

    private async Task<FreezeOutcome> WorkAsync(UnitOfWork unit, Guid account, string reason, CancellationToken cancellationToken)
    {
        var frozen = unit.Enqueue(new Freeze(account, reason));
        var row = await unit.FirstAsync(new FindAccount(account), cancellationToken);
        if (row is not { Account.IsActive: true })
            return unit.Refuse(new FreezeOutcome.NotFound());
        if (frozen.Rows.Count == 0)
            return unit.Replay(new FreezeOutcome.AlreadyFrozen(row.Open(secrets)));
        AccountChanged.Enqueue(unit, row.Account, Action);
        return new FreezeOutcome.Frozen(row.Open(secrets));
    }

    private static string? Code(FreezeOutcome outcome) =>
        outcome switch
        {
            FreezeOutcome.NotFound => AccountErrors.NotFound,
            FreezeOutcome.AlreadyFrozen => AccountErrors.AlreadyFrozen,
            FreezeOutcome.NotAllowed => AccountErrors.NotAllowed,
            _ => null,
        };
}

/// <summary>What became of a freeze.</summary>
public abstract record FreezeOutcome
{
    private FreezeOutcome() { }

    /// <summary>Frozen, in every game.</summary>
    public sealed record Frozen(Account Account) : FreezeOutcome;

    /// <summary>It was frozen before; the first reason stands.</summary>
    public sealed record AlreadyFrozen(Account Account) : FreezeOutcome;

    /// <summary>The reason is missing or too long.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : FreezeOutcome;

    /// <summary>No such account, or closed.</summary>
    public sealed record NotFound : FreezeOutcome;

    /// <summary>Players freeze nobody.</summary>
    public sealed record NotAllowed : FreezeOutcome;
}

file sealed record Freeze(Guid Account, string Reason) : IQuery<Freeze, long>
{
    // Of two at once the second waits for the row, finds it frozen and changes nothing.
    public static string Sql =>
        """
        update core.accounts
        set frozen_at = now(), frozen_reason = $2, version = version + 1
        where id = $1
          and is_active
          and frozen_at is null
        returning version
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Account).Add(Reason);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
