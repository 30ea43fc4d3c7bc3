using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>New numbers of one player; what is null stays as it is.</summary>
/// <param name="PlayerId">Whose; each player once in a request.</param>
/// <param name="Level">From 1.</param>
/// <param name="Experience">From 0.</param>
/// <param name="Rating">0 to 5000; a higher one than ever becomes the best so far.</param>
/// <param name="TotalGames">From 0.</param>
/// <param name="GamesWon">0 to the total.</param>
public sealed record StatsChange(
    Guid PlayerId,
    int? Level = null,
    int? Experience = null,
    int? Rating = null,
    int? TotalGames = null,
    int? GamesWon = null
)
{
    internal IEnumerable<FieldError> Check(int at)
    {
        if ((Level ?? Experience ?? Rating ?? TotalGames ?? GamesWon) is null)
            yield return new($"updates[{at}]", "changes no number");
        if (Level < 1)
            yield return new($"updates[{at}].level", $"takes a whole number from 1; {Level} was given");
        if (Experience < 0)
            yield return new($"updates[{at}].experience", $"takes a whole number from 0; {Experience} was given");
        if (Rating is < EloRating.Floor or > EloRating.Ceiling)
            yield return new($"updates[{at}].rating", $"takes a whole number from {EloRating.Floor} to {EloRating.Ceiling}; {Rating} was given");
        if (TotalGames < 0)
            yield return new($"updates[{at}].totalGames", $"takes a whole number from 0; {TotalGames} was given");
        if (GamesWon < 0)
            yield return new($"updates[{at}].gamesWon", $"takes a whole number from 0; {GamesWon} was given");
    }
}

/// <summary>What came of changing numbers.</summary>
public abstract record UpdateStatsOutcome
{
    private UpdateStatsOutcome() { }

    /// <summary>All of them are changed.</summary>
    /// <param name="Players">How many players were named.</param>
    /// <param name="IsReplay">True when an earlier request under the same key did it.</param>
    public sealed record Updated(int Players, bool IsReplay) : UpdateStatsOutcome;

    /// <summary>Nothing is changed: every entry that is wrong, by name.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : UpdateStatsOutcome;

    /// <summary>Nothing is changed: these are no players of this game.</summary>
    public sealed record UnknownPlayers(IReadOnlyList<Guid> Players) : UpdateStatsOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : UpdateStatsOutcome;
}

/// <summary>
/// Sets numbers of several players at once, all or none: for imports, rewards and corrections. Results of matches are reported by
/// <see cref="FinishMatch"/>. One set-based update in one transaction of two round trips.
/// </summary>
public sealed class UpdateStats(GameDatabase database)
{
    /// <summary>The most players of one request.</summary>
    public const int MaxPlayers = 1000;

    private const string Verb = "players.update-stats";

    /// <summary>
    /// For trusted parties only. Safe to repeat under the same key. Without entries nothing is done, and the key is not used up.
    /// </summary>
    /// <exception cref="ArgumentException">The actor is a player.</exception>
    public async Task<UpdateStatsOutcome> RunAsync(
        Actor actor,
        IReadOnlyList<StatsChange> changes,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        // Row security lets players change their own rows, and these numbers are not theirs to set.
        if (!actor.IsTrusted)
            throw new ArgumentException("Players do not set numbers; hand over a service's, an operator's or the system's actor.", nameof(actor));
        if (changes.Count == 0)
            return new UpdateStatsOutcome.Updated(0, IsReplay: false);
        if (Check(changes) is { Count: > 0 } errors)
            return new UpdateStatsOutcome.Invalid(errors);
        var request = IdempotentRequest.Of(key, Verb, changes);
        return await database.WriteAsync<UpdateStatsOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var locked = unit.Enqueue(new LockStats([.. changes.Select(c => c.PlayerId)]));
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                if (stored is not null)
                    return unit.Replay<UpdateStatsOutcome>(
                        stored.Answers(request)
                            ? new UpdateStatsOutcome.Updated(changes.Count, IsReplay: true)
                            : new UpdateStatsOutcome.KeyReused()
                    );
                if (Refusal(changes, locked.Rows) is { } refusal)
                    return unit.Refuse(refusal);
                unit.Enqueue(
                    new StoreOutcome<SummonersGridModule>(actor.Key, request, JsonSerializer.Serialize(new { players = changes.Count }))
                );
                unit.Enqueue(new SetStats(changes));
                unit.Enqueue(
                    new WriteActivity<SummonersGridModule>(
                        actor,
                        new Activity(Verb, Subject: null, Details: JsonSerializer.Serialize(new { players = changes.Count }))
                    )
                );
                return new UpdateStatsOutcome.Updated(changes.Count, IsReplay: false);
            },
            cancellationToken
        );
    }

    private static List<FieldError> Check(IReadOnlyList<StatsChange> changes)
    {
        if (changes.Count > MaxPlayers)
            return [new("updates", $"takes at most {MaxPlayers} entries; {changes.Count} were given")];
        var seen = new HashSet<Guid>();
        var errors = new List<FieldError>();
        for (var at = 0; at < changes.Count; at++)
        {
            errors.AddRange(changes[at].Check(at));
            if (!seen.Add(changes[at].PlayerId))
                errors.Add(new($"updates[{at}].playerId", "is named by an earlier entry"));
        }
        return errors;
    }

    // Only with both numbers at hand, the one given and the one that stays, can they be held against each other.
    private static UpdateStatsOutcome? Refusal(IReadOnlyList<StatsChange> changes, IReadOnlyList<LockedStats> locked)
    {
        var players = locked.ToDictionary(p => p.Id);
        var unknown = changes.Where(c => !players.ContainsKey(c.PlayerId)).Select(c => c.PlayerId).ToList();
        if (unknown.Count > 0)
            return new UpdateStatsOutcome.UnknownPlayers(unknown);
        var errors = new List<FieldError>();
        for (var at = 0; at < changes.Count; at++)
        {
            var (change, now) = (changes[at], players[changes[at].PlayerId]);
            var (won, total) = (change.GamesWon ?? now.GamesWon, change.TotalGames ?? now.TotalGames);
            if (won > total)
                errors.Add(new($"updates[{at}].gamesWon", $"would be {won} of {total} games"));
        }
        return errors.Count > 0 ? new UpdateStatsOutcome.Invalid(errors) : null;
    }
}
