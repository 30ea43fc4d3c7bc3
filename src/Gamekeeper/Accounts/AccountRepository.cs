using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Reads accounts. One statement and one round trip each.</summary>
public sealed class AccountRepository(GameDatabase database, AccountSecrets secrets)
{
    /// <summary>The account as the actor may see it: players their own, trusted actors any; null when there is none to see.</summary>
    public async Task<Account?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken = default)
    {
        var row = await database.FirstAsync(new FindAccount(id), ReadConsistency.Strong, actor, cancellationToken);
        return row?.Open(secrets);
    }

    /// <summary>What anyone may know of the account of that name, whatever its case; null when there is none.</summary>
    public Task<PublicAccount?> FindByUsernameAsync(string username, CancellationToken cancellationToken = default) =>
        database.FirstAsync(new FindPublicByUsername(username.ToLowerInvariant()), cancellationToken);

    /// <summary>What anyone may know of these accounts; ids without an account are left out, order is not kept.</summary>
    /// <param name="ids">At most 1000.</param>
    /// <exception cref="ArgumentException">More than 1000 ids.</exception>
    public Task<IReadOnlyList<PublicAccount>> PublicAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken = default)
    {
        if (ids.Count > 1000)
            throw new ArgumentException($"At most 1000 accounts at once; asked for {ids.Count}.", nameof(ids));
        return database.ListAsync(new FindPublic([.. ids]), cancellationToken);
    }
}

internal sealed record FindPublic(Guid[] Ids) : IQuery<FindPublic, PublicAccount>
{
    public static string Sql =>
        """
        select id, version, username, display_name, avatar_url, is_active, frozen_at
        from core.public_accounts
        where id = any($1)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Ids);

    public static PublicAccount Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetInt64(1),
            row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.GetBoolean(5),
            row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6)
        );
}

file sealed record FindPublicByUsername(string UsernameKey) : IQuery<FindPublicByUsername, PublicAccount>
{
    public static string Sql =>
        """
        select id, version, username, display_name, avatar_url, is_active, frozen_at
        from core.public_accounts
        where username_key = $1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(UsernameKey);

    public static PublicAccount Read(NpgsqlDataReader row) => FindPublic.Read(row);
}
