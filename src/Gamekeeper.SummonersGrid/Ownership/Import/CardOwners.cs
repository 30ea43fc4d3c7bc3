using Gamekeeper.Accounts;
using Gamekeeper.Accounts.Import;
using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership.Import;

/// <summary>Whose cards a file speaks of: it may name an owner by id, by name, or by the id that the other system had.</summary>
public sealed class CardOwners(GameDatabase database, AccountImport imported, AccountRepository accounts, PlayerRepository players)
{
    /// <param name="records">At most 10 000.</param>
    /// <param name="join">Makes the player's row of an account that never called this game.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal async Task<OwnersFound> FindAsync(IReadOnlyList<Numbered<ImportedCard>> records, bool join, CancellationToken cancellationToken)
    {
        var (byUsername, byExternalId) = await imported.ResolveAsync(
            SummonersGridModule.Schema,
            records.Select(r => r.Record.OwnerUsername).OfType<string>().ToHashSet(),
            records.Select(r => r.Record.OwnerExternalId).OfType<string>().ToHashSet(),
            cancellationToken
        );
        var named = records.ToDictionary(
            r => r.Line,
            r =>
                r.Record.OwnerId
                ?? (r.Record.OwnerUsername is { } name ? byUsername.TryGetValue(name, out var id) ? id : null
                    : byExternalId.TryGetValue(r.Record.OwnerExternalId ?? "", out var external) ? external
                    : (Guid?)null)
        );
        var known = await KnownAsync([.. named.Values.OfType<Guid>().Distinct()], join, cancellationToken);
        return new OwnersFound(
            named.Where(n => n.Value is { } owner && known.Contains(owner)).ToDictionary(n => n.Key, n => n.Value!.Value),
            [
                .. records
                    .Where(r => named[r.Line] is not { } owner || !known.Contains(owner))
                    .Select(r => new ImportRefusal(r.Line, r.Record.OwnerMember, "is that of no player; import the players first")),
            ]
        );
    }

    private async Task<HashSet<Guid>> KnownAsync(Guid[] ids, bool join, CancellationToken cancellationToken)
    {
        var known = (await database.ListAsync(new FindPlayers(ids), cancellationToken)).ToHashSet();
        foreach (var some in ids.Where(i => !known.Contains(i)).Chunk(1000))
        {
            foreach (var account in await accounts.PublicAsync(some, cancellationToken))
                if (!join || await players.EnsureAsync(account.Id, cancellationToken))
                    known.Add(account.Id);
        }
        return known;
    }
}

/// <summary>The owner of each line whose owner there is, and the refusals of the others.</summary>
internal sealed record OwnersFound(IReadOnlyDictionary<long, Guid> Owners, IReadOnlyList<ImportRefusal> Refusals);

/// <summary>Which of these players there are.</summary>
internal sealed record FindPlayers(Guid[] Ids) : IQuery<FindPlayers, Guid>
{
    public static string Sql => "select id from summoners_grid.users where id = any($1)";

    public void Bind(StatementParameters parameters) => parameters.Add(Ids);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>Which of these cards there are.</summary>
internal sealed record FindCards(Guid[] Ids) : IQuery<FindCards, Guid>
{
    public static string Sql => "select id from summoners_grid.card_instances where id = any($1)";

    public void Bind(StatementParameters parameters) => parameters.Add(Ids);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
