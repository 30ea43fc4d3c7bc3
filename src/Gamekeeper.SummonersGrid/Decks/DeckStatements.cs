using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>What a validation has to know of a card.</summary>
internal sealed record DeckCard(Guid Id, Guid OwnerId, string TemplateId, string Type);

/// <summary>Holds the cards of a deck where they are until the commit, before the deck itself is locked.</summary>
internal sealed record HoldDeckCards(Guid[] Cards) : IQuery<HoldDeckCards, DeckCard>
{
    public static string Sql =>
        """
        select c.id, c.owner_id, c.template_id, t.type
        from summoners_grid.card_instances c
        join summoners_grid.card_templates t on t.id = c.template_id
        where c.id = any ($1)
        order by c.id
        for share of c
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Cards);

    public static DeckCard Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3));
}

/// <summary>Locks one deck of a player.</summary>
internal sealed record LockDeck(Guid Id, Guid Owner) : IQuery<LockDeck, Deck>
{
    public static string Sql => $"select {Deck.Columns} from summoners_grid.decks d where d.id = $1 and d.owner_id = $2 for update";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Owner);

    public static Deck Read(NpgsqlDataReader row) => Deck.Read(row);
}

/// <summary>One deck, if row security lets the actor see it.</summary>
internal sealed record FindDeck(Guid Id) : IQuery<FindDeck, Deck>
{
    public static string Sql => $"select {Deck.Columns} from summoners_grid.decks d where d.id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Deck Read(NpgsqlDataReader row) => Deck.Read(row);
}

/// <summary>A player's decks, as row security lets the actor see them.</summary>
internal sealed record DecksOfOwner(Guid Owner, DateTimeOffset? BeforeUpdated, Guid? BeforeId, int Most) : IQuery<DecksOfOwner, Deck>
{
    public static string Sql =>
        $"""
        select {Deck.Columns}
        from summoners_grid.decks d
        where d.owner_id = $1
          and ($2::timestamptz is null or (d.updated_at, d.id) < ($2, $3))
        -- idx_decks_owner
        order by d.updated_at desc, d.id desc
        limit $4
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Owner).AddNullable(BeforeUpdated).AddNullable(BeforeId).Add(Most);

    public static Deck Read(NpgsqlDataReader row) => Deck.Read(row);
}

/// <summary>Everyone's public decks.</summary>
internal sealed record PublicDecks(DateTimeOffset? BeforeUpdated, Guid? BeforeId, int Most) : IQuery<PublicDecks, Deck>
{
    public static string Sql =>
        $"""
        select {Deck.Columns}
        from summoners_grid.decks d
        where d.is_public
          and ($1::timestamptz is null or (d.updated_at, d.id) < ($1, $2))
        -- idx_decks_public
        order by d.updated_at desc, d.id desc
        limit $3
        """;

    public void Bind(StatementParameters parameters) => parameters.AddNullable(BeforeUpdated).AddNullable(BeforeId).Add(Most);

    public static Deck Read(NpgsqlDataReader row) => Deck.Read(row);
}

/// <summary>
/// Lets those who make decks for one player follow one another until the commit, since the limit counts many. It is taken before every
/// other lock and by nobody else; a statement of its own, so that the count behind it sees what it waited for.
/// </summary>
internal sealed record LockDecksOf(Guid Owner) : IQuery<LockDecksOf, bool>
{
    public static string Sql => "select pg_advisory_xact_lock(hashtextextended('summoners_grid.decks/' || $1::uuid, 0)) is not null";

    public void Bind(StatementParameters parameters) => parameters.Add(Owner);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>How many decks a player has, counted up to a limit.</summary>
internal sealed record CountDecks(Guid Owner, int UpTo) : IQuery<CountDecks, long>
{
    public static string Sql =>
        """
        select count(*)
        from (
          select
          from summoners_grid.decks
          -- idx_decks_owner
          where owner_id = $1
          limit $2) own
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Owner).Add(UpTo);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}

/// <summary>A new deck; its cards are held.</summary>
internal sealed record InsertDeck(Deck Deck) : IStatement<InsertDeck>
{
    public static string Sql =>
        """
        insert into summoners_grid.decks
          (id, owner_id, name, description, format, summon_slots, main_deck, advance_deck, is_valid, validation_errors, is_public, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        """;

    public void Bind(StatementParameters parameters) => UpdateDeck.BindDeck(parameters, Deck).Add(Deck.CreatedAt);
}

/// <summary>The deck as it is now; it is locked and its cards are held.</summary>
internal sealed record UpdateDeck(Deck Deck) : IStatement<UpdateDeck>
{
    public static string Sql =>
        """
        update summoners_grid.decks
        set name = $3, description = $4, format = $5, summon_slots = $6, main_deck = $7, advance_deck = $8, is_valid = $9,
            validation_errors = $10, is_public = $11
        where id = $1 and owner_id = $2
        """;

    public void Bind(StatementParameters parameters) => BindDeck(parameters, Deck);

    public static StatementParameters BindDeck(StatementParameters parameters, Deck deck) =>
        parameters
            .Add(deck.Id)
            .Add(deck.OwnerId)
            .Add(deck.Name)
            .AddNullable(deck.Description)
            .Add(deck.Format)
            .AddJson(deck.SummonSlots)
            .Add(deck.MainDeck)
            .Add(deck.AdvanceDeck)
            .Add(deck.IsValid)
            .AddJson(deck.ValidationErrors)
            .Add(deck.IsPublic);
}

/// <summary>Removes a locked deck.</summary>
internal sealed record RemoveDeck(Guid Id, Guid Owner) : IStatement<RemoveDeck>
{
    public static string Sql => "delete from summoners_grid.decks where id = $1 and owner_id = $2";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Owner);
}
