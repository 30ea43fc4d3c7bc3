using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>
/// Hands an account's public state to every game. What is handed over is the state now and not the change, so that deliveries may
/// overtake each other; each carries its version.
/// </summary>
public sealed class AccountProjections(GameDatabase database, ModuleCatalogue modules, TimeProvider clock)
{
    /// <summary>The topic under which changes of accounts stand in the core's outbox.</summary>
    public const string Topic = "account.changed";

    /// <summary>
    /// Brings every game's copy up to the account's state and marks what waited for it as delivered. When this returns, the change is
    /// effective in every game. Safe to repeat; a failure leaves the rest to the relay.
    /// </summary>
    public async Task DeliverAsync(Guid account, CancellationToken cancellationToken = default)
    {
        var found = await database.FirstAsync(new FindPublic([account]), cancellationToken);
        if (found is null)
            return;
        foreach (var (_, projection) in modules.AccountProjections())
            await projection.ApplyAsync(found, cancellationToken);
        await database.WriteAsync(
            Actor.System(clock),
            (unit, _) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new MarkDelivered(account, found.Version));
                return Task.CompletedTask;
            },
            cancellationToken
        );
    }

    /// <summary>Delivers what waits, at most <paramref name="limit"/> changes; how many there were.</summary>
    public async Task<int> DeliverWaitingAsync(int limit, CancellationToken cancellationToken = default)
    {
        var waiting = await database.ListAsync(new FindWaiting(limit), cancellationToken);
        foreach (var account in waiting.Distinct())
            await DeliverAsync(account, cancellationToken);
        return waiting.Count;
    }
}

file sealed record FindWaiting(int Limit) : IQuery<FindWaiting, Guid>
{
    public static string Sql { get; } =
        $"""
        select subject::uuid
        from core.outbox
        where delivered_at is null
          and topic = '{AccountProjections.Topic}'
        order by id
        limit $1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Limit);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record MarkDelivered(Guid Account, long Version) : IStatement<MarkDelivered>
{
    // A change committed since the state was read has a higher version and keeps waiting.
    public static string Sql { get; } =
        $"""
        update core.outbox
        set delivered_at = now()
        where delivered_at is null
          and topic = '{AccountProjections.Topic}'
          and subject = $1
          and version <= $2
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Account.ToString()).Add(Version);
}
