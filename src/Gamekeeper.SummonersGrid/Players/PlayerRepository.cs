using System.Collections.Concurrent;
using Gamekeeper.Accounts;
using Gamekeeper.Caching;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>Players of this game. Identity is the account's; the first call to the game makes the player's row.</summary>
public sealed class PlayerRepository(GameDatabase database, GameCache cache, AccountRepository accounts, TimeProvider clock)
{
    // Rows are never deleted, so what was once there is there; only the presence is remembered, never a value.
    private readonly ConcurrentDictionary<Guid, bool> _present = new();

    /// <summary>One player, through the cache; null when the account has never called this game, or does not exist.</summary>
    public Task<Player?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        cache
            .GetAsync(SummonersGridCache.Profile, id, database, static (from, id, ct) => from.FirstAsync(new FindPlayer(id), ct), cancellationToken)
            .AsTask();

    /// <summary>
    /// The player of this whole name, in any case, from PostgreSQL; null when there is none. Names are copies that follow the account's, so right after a renaming the
    /// former one may still be found.
    /// </summary>
    public Task<Player?> FindByUsernameAsync(string username, CancellationToken cancellationToken = default) =>
        database.FirstAsync(new FindPlayerByUsername(username), cancellationToken);

    /// <summary>A player's numbers, through the cache; null when the account has never called this game, is closed, or does not exist.</summary>
    public Task<PlayerStats?> StatsAsync(Guid id, CancellationToken cancellationToken = default) =>
        cache
            .GetAsync(SummonersGridCache.Stats, id, database, static (from, id, ct) => from.FirstAsync(new FindPlayerStats(id), ct), cancellationToken)
            .AsTask();

    /// <summary>
    /// Sees to it that the account has its player row; false when there is no such account. Safe to repeat, and to run twice at once.
    /// </summary>
    public async Task<bool> EnsureAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (_present.ContainsKey(id))
            return true;
        if (await database.FirstAsync(new FindPlayer(id), cancellationToken) is null && !await JoinAsync(id, cancellationToken))
            return false;
        _present.TryAdd(id, true);
        return true;
    }

    private async Task<bool> JoinAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await AccountAsync(id, cancellationToken) is not { } account)
            return false;
        await WriteAsync(new JoinGame(account), cancellationToken);
        // A freeze or a new name that came in between found no row to bring up to date. Now there is one.
        if (await AccountAsync(id, cancellationToken) is { } now && now.Version != account.Version)
            await WriteAsync(new ApplyAccount(now), cancellationToken);
        return true;
    }

    internal Task WriteAsync<TStatement>(IStatement<TStatement> statement, CancellationToken cancellationToken)
        where TStatement : IStatement<TStatement> =>
        database.WriteAsync(
            Actor.System(clock),
            (unit, _) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(statement);
                return Task.CompletedTask;
            },
            cancellationToken
        );

    private async Task<PublicAccount?> AccountAsync(Guid id, CancellationToken cancellationToken) =>
        (await accounts.PublicAsync([id], cancellationToken)) is [var account] ? account : null;
}

/// <summary>Keeps the copied columns current, and the profile in the cache of a node that has one.</summary>
public sealed class PlayerProjection(PlayerRepository players, GameCache cache) : IAccountProjection
{
    /// <inheritdoc />
    public async Task ApplyAsync(PublicAccount account, CancellationToken cancellationToken)
    {
        await players.WriteAsync(new ApplyAccount(account), cancellationToken);
        // Written through by reading: what was dropped at the commit is there again for whoever looks at the changed profile first. The
        // value itself is never handed over, since a later change may have come in between.
        if (cache.IsServing)
            await players.FindAsync(account.Id, cancellationToken);
    }
}

/// <summary>One player.</summary>
internal sealed record FindPlayer(Guid Id) : IQuery<FindPlayer, Player>
{
    public static string Sql => $"select {Player.Columns} from summoners_grid.users u where u.id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Player Read(NpgsqlDataReader row) => Player.Read(row);
}

/// <summary>One player by name.</summary>
internal sealed record FindPlayerByUsername(string Username) : IQuery<FindPlayerByUsername, Player>
{
    public static string Sql =>
        $"""
        select {Player.Columns}
        from summoners_grid.users u
        -- idx_users_username
        where lower(u.username) = lower($1)
        order by u.updated_at desc
        limit 1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Username);

    public static Player Read(NpgsqlDataReader row) => Player.Read(row);
}

/// <summary>The player's row, unless it is there.</summary>
internal sealed record JoinGame(PublicAccount Account) : IStatement<JoinGame>
{
    public static string Sql =>
        """
        insert into summoners_grid.users (id, username, display_name, avatar_url, is_active, frozen_at, account_version)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id) do nothing
        """;

    public void Bind(StatementParameters parameters) => ApplyAccount.BindAccount(parameters, Account);
}

/// <summary>The copied columns, unless a newer version is there.</summary>
internal sealed record ApplyAccount(PublicAccount Account) : IStatement<ApplyAccount>
{
    public static string Sql =>
        """
        update summoners_grid.users
        set username = $2, display_name = $3, avatar_url = $4, is_active = $5, frozen_at = $6, account_version = $7
        where id = $1 and account_version < $7
        """;

    public void Bind(StatementParameters parameters) => BindAccount(parameters, Account);

    public static void BindAccount(StatementParameters parameters, PublicAccount account) =>
        parameters
            .Add(account.Id)
            .Add(account.Username)
            .AddNullable(account.DisplayName)
            .AddNullable(account.AvatarUrl)
            .Add(account.IsActive)
            .AddNullable(account.FrozenAt)
            .Add(account.Version);
}
