using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Ownership;

// Every verb that moves or names cards takes its locks in one order: players by id, cards by id, proposals by id, decks by id. A deck
// is saved with its cards held; a card that moves takes its decks along by a trigger, behind the cards. PostgreSQL locks after it has
// sorted, so the order stands in the select. Only what FOR UPDATE itself returns is fresh after a wait, which is why a card carries its
// number of events, its head and whether it is frozen on its own row.

/// <summary>
/// Holds players as they are until the commit: a freeze that is answered "done" has waited for every trade that saw the player free.
/// </summary>
internal sealed record HoldPlayers(Guid[] Players) : IQuery<HoldPlayers, HeldPlayer>
{
    public static string Sql =>
        """
        select id, is_active, frozen_at is not null
        from summoners_grid.users
        where id = any ($1)
        order by id
        for share
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Players);

    public static HeldPlayer Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetBoolean(1), row.GetBoolean(2));
}

/// <summary>A player whose row is held.</summary>
internal readonly record struct HeldPlayer(Guid Id, bool IsActive, bool IsFrozen)
{
    public bool MayTrade => IsActive && !IsFrozen;
}

/// <summary>Locks cards by id, for a verb that will move them.</summary>
internal sealed record LockCards(Guid[] Cards) : IQuery<LockCards, LockedCard>
{
    public static string Sql =>
        """
        select id, owner_id, events, signature, frozen_at is not null
        from summoners_grid.card_instances
        where id = any ($1)
        order by id
        for update
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Cards);

    public static LockedCard Read(NpgsqlDataReader row) => CardRow.ReadLocked(row);
}

/// <summary>Holds cards where they are until the commit, for a verb that only promises them.</summary>
internal sealed record HoldCards(Guid[] Cards) : IQuery<HoldCards, LockedCard>
{
    public static string Sql =>
        """
        select id, owner_id, events, signature, frozen_at is not null
        from summoners_grid.card_instances
        where id = any ($1)
        order by id
        for share
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Cards);

    public static LockedCard Read(NpgsqlDataReader row) => CardRow.ReadLocked(row);
}

internal static class CardRow
{
    /// <summary>Columns id, owner_id, events, signature, and whether it is frozen.</summary>
    public static LockedCard ReadLocked(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetInt32(2),
            CardSignature.TryParse(row.GetString(3), out var signature) ? signature : null,
            row.GetBoolean(4)
        );
}
