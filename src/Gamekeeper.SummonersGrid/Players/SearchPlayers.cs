using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>What everyone may see of a player in a list.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Username">The account's name.</param>
/// <param name="DisplayName">Null when there is none.</param>
/// <param name="AvatarUrl">Null when there is none.</param>
/// <param name="Level">From 1.</param>
/// <param name="Rating">0 to 5000.</param>
public sealed record PlayerSummary(Guid Id, string Username, string? DisplayName, string? AvatarUrl, int Level, int Rating)
{
    internal const string Columns = "u.id, u.username, u.display_name, u.avatar_url, u.level, u.rating";

    internal static PlayerSummary Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetString(1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.GetInt32(4),
            row.GetInt32(5)
        );
}

/// <summary>What came of a search.</summary>
public abstract record SearchPlayersOutcome
{
    private SearchPlayersOutcome() { }

    /// <summary>Those who match, the best first; empty when nobody does.</summary>
    public sealed record Found(IReadOnlyList<PlayerSummary> Players) : SearchPlayersOutcome;

    /// <summary>The question itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SearchPlayersOutcome;
}

/// <summary>
/// Finds players by name; closed accounts are not found. Of a text that matches more than <see cref="MostRanked"/> players, that many are
/// put in order, those whose name begins with it always among them. May lag behind by what a replica lags.
/// </summary>
public sealed class SearchPlayers(GameDatabase database)
{
    /// <summary>How many matches are looked at to find the best.</summary>
    public const int MostRanked = 1000;

    /// <summary>Reads only; one statement.</summary>
    public async Task<SearchPlayersOutcome> RunAsync(PlayerQuestion question, CancellationToken cancellationToken = default)
    {
        if (question.Check() is { Count: > 0 } errors)
            return new SearchPlayersOutcome.Invalid(errors);
        var text = question.Text.Trim();
        var found = question switch
        {
            { Mode: PlayerSearchMode.Words } => await ListAsync(new PlayersByWords(text, question.Limit), cancellationToken),
            { HasTrigram: true } => await ListAsync(new PlayersBySubstring(text, question.Limit), cancellationToken),
            _ => await ListAsync(new PlayersByBeginning(text, question.Limit), cancellationToken),
        };
        return new SearchPlayersOutcome.Found(found);
    }

    private Task<IReadOnlyList<PlayerSummary>> ListAsync<TQuery>(
        IQuery<TQuery, PlayerSummary> query,
        CancellationToken cancellationToken
    )
        where TQuery : IQuery<TQuery, PlayerSummary> => database.ListAsync(query, ReadConsistency.Eventual, actor: null, cancellationToken);
}
