using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Frees a frozen account, in every game before it returns; see <see cref="FreezeAccount"/>.</summary>
public sealed class UnfreezeAccount(GameDatabase database, AccountSecrets secrets, AccountProjections projections)
{
    private const string Action = "account.unfreeze";

    /// <summary>Safe to repeat: a free account answers so and is delivered again.</summary>
    public async Task<UnfreezeOutcome> RunAsync(Guid account, Actor actor, CancellationToken cancellationToken = default)
    {
        var outcome = actor.IsTrusted
            ? await database.WriteAsync(actor, (unit, ct) => WorkAsync(unit, account, ct), cancellationToken)
            : new UnfreezeOutcome.NotAllowed();
        if (Code(outcome) is { } code)
            await AccountRefusal.RecordAsync(database, actor, Action, account, code, cancellationToken);
        // Also when nothing changed: whoever asks again asks because the first answer was lost, maybe before every game knew.
        if (outcome is UnfreezeOutcome.Unfrozen or UnfreezeOutcome.NotFrozen)
            await projections.DeliverAsync(account, cancellationToken);
        return outcome;
    }

    private async Task<UnfreezeOutcome> WorkAsync(UnitOfWork unit, Guid account, CancellationToken cancellationToken)
    {
        var freed = unit.Enqueue(new Unfreeze(account));
        var row = await unit.FirstAsync(new FindAccount(account), cancellationToken);
        if (row is not { Account.IsActive: true })
            return unit.Refuse(new UnfreezeOutcome.NotFound());
        if (freed.Rows.Count == 0)
            return unit.Replay(new UnfreezeOutcome.NotFrozen(row.Open(secrets)));
        AccountChanged.Enqueue(unit, row.Account, Action);
        return new UnfreezeOutcome.Unfrozen(row.Open(secrets));
    }

    private static string? Code(UnfreezeOutcome outcome) =>
        outcome switch
        {
            UnfreezeOutcome.NotFound => AccountErrors.NotFound,
            UnfreezeOutcome.NotFrozen => AccountErrors.NotFrozen,
            UnfreezeOutcome.NotAllowed => AccountErrors.NotAllowed,
            _ => null,
        };
}

/// <summary>What became of an unfreeze.</summary>
public abstract record UnfreezeOutcome
{
    private UnfreezeOutcome() { }

    /// <summary>Free, in every game.</summary>
    public sealed record Unfrozen(Account Account) : UnfreezeOutcome;

    /// <summary>It was free before.</summary>
    public sealed record NotFrozen(Account Account) : UnfreezeOutcome;

    /// <summary>No such account, or closed.</summary>
    public sealed record NotFound : UnfreezeOutcome;

    /// <summary>Players free nobody.</summary>
    public sealed record NotAllowed : UnfreezeOutcome;
}

file sealed record Unfreeze(Guid Account) : IQuery<Unfreeze, long>
{
    public static string Sql =>
        """
        update core.accounts
        set frozen_at = null, frozen_reason = null, version = version + 1
        where id = $1
          and is_active
          and frozen_at is not null
        returning version
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Account);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
