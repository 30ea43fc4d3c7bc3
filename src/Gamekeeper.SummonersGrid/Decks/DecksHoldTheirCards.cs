using System.Runtime.CompilerServices;
using Gamekeeper.Integrity;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>A valid deck names only cards that its owner holds.</summary>
public sealed class DecksHoldTheirCards(GameDatabase database) : IInvariant
{
    /// <inheritdoc />
    public string Name => "summoners_grid.decks-hold-their-cards";

    /// <inheritdoc />
    public string Promise => "The owner of every valid deck holds every card it names.";

    /// <inheritdoc />
    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (deck, missing) in database.StreamAsync(new FindDecksWithoutCards(limit), cancellationToken))
            yield return new("summoners_grid.decks", deck.ToString(), $"is valid, though {missing} of its cards are not its owner's");
    }

    /// <summary>Through a function, since row security hides private decks from whoever acts for nobody.</summary>
    private sealed record FindDecksWithoutCards(int Limit) : IQuery<FindDecksWithoutCards, (Guid Deck, int Missing)>
    {
        public static string Sql =>
            """
            select deck_id, jsonb_array_length(missing)
            from summoners_grid.decks_without_their_cards($1)
            order by deck_id
            """;

        public void Bind(StatementParameters parameters) => parameters.Add(Limit);

        public static (Guid Deck, int Missing) Read(NpgsqlDataReader row) => (row.GetGuid(0), row.GetInt32(1));
    }
}
