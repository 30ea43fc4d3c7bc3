using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>How a match ended.</summary>
/// <param name="WinnerId">One of the two players; null for a draw.</param>
/// <param name="EndedAt">From the start to now; now when null.</param>
/// <param name="Data">State or replay as a JSON document of at most 512 KB, never personal text; null for none.</param>
/// <param name="TemplateIds">Templates that were played, one entry a use, at most 200; null for none.</param>
public sealed record MatchReport(
    Guid? WinnerId,
    DateTimeOffset? EndedAt = null,
    string? Data = null,
    IReadOnlyList<string>? TemplateIds = null
)
{
    /// <summary>The most uses of templates that one report names.</summary>
    public const int MaxTemplates = 200;
}

/// <summary>
/// Finishes a match: its result, and both players' totals, wins, ratings and best ratings, in one transaction of two round trips. The first
/// locks (players by id, then the match) and reads the stored outcome behind the locks; the second writes and commits.
/// </summary>
public sealed class FinishMatch(GameDatabase database, CardCatalogue catalogue, IOptions<RatingOptions> ratings)
{
    private const string Verb = "match.finish";

    /// <summary>
    /// For trusted parties only; the caller checks that. Safe to repeat under the same key; under another one a finished match is refused.
    /// </summary>
    public async Task<EndMatchOutcome> RunAsync(
        Actor actor,
        Guid matchId,
        MatchReport report,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        if (await CheckAsync(report, cancellationToken) is { Count: > 0 } errors)
            return new EndMatchOutcome.Invalid(errors);
        var request = IdempotentRequest.Of(key, Verb, new { matchId, report });
        return await database.WriteAsync<EndMatchOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var players = unit.Enqueue(new LockMatchPlayers(matchId));
                var locked = unit.Enqueue(new LockMatch(matchId));
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                if (stored is not null)
                    return unit.Replay(EndMatchOutcome.Replay(stored, request, locked.FirstOrDefault));
                if (EndMatchOutcome.Refusal(locked.FirstOrDefault, report.WinnerId, report.EndedAt) is { } refusal)
                    return EndMatchOutcome.Refuse(unit, refusal, Verb, matchId);
                var finished = Finish(locked.FirstOrDefault!, report, players.Rows);
                Enqueue(unit, finished, report, request);
                return new EndMatchOutcome.Ended(finished, IsReplay: false);
            },
            cancellationToken
        );
    }

    private async Task<List<FieldError>> CheckAsync(MatchReport report, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (report.Data is { } data && MatchData.Problem(data) is { } problem)
            errors.Add(new("data", problem));
        if (report.TemplateIds is not { } played)
            return errors;
        if (played.Count > MatchReport.MaxTemplates)
            errors.Add(new("templateIds", $"takes at most {MatchReport.MaxTemplates} entries; {played.Count} were given"));
        else if (await UnknownAsync(played, cancellationToken) is { Count: > 0 } unknown)
            errors.AddRange(unknown.Take(20).Select(i => new FieldError($"templateIds[{i}]", "is no template of the catalogue")));
        return errors;
    }

    // Templates never go away, so only what the held catalogue does not know is worth a look at the database.
    private async Task<List<int>> UnknownAsync(IReadOnlyList<string> played, CancellationToken cancellationToken)
    {
        var held = await catalogue.AtLeastAsync(0, cancellationToken);
        if (played.All(held.ContainsKey))
            return [];
        var current = await catalogue.CurrentAsync(cancellationToken);
        return [.. Enumerable.Range(0, played.Count).Where(i => !current.ContainsKey(played[i]))];
    }

    private Match Finish(LockedMatch locked, MatchReport report, IReadOnlyList<RatedPlayer> players)
    {
        var match = locked.Match;
        var a = players.Single(p => p.Id == match.PlayerAId);
        var b = players.Single(p => p.Id == match.PlayerBId);
        var result = report.WinnerId is not { } winner ? MatchResult.Draw
            : winner == a.Id ? MatchResult.AWon
            : MatchResult.BWon;
        var after = EloRating.After(a.Rating, b.Rating, result, ratings.Value.KFactor);
        return locked.EndedAs(MatchStatus.Completed, report.EndedAt) with
        {
            WinnerId = report.WinnerId,
            RatingChanges = new RatingChange[] { new(a.Id, a.Rating, after.A), new(b.Id, b.Rating, after.B) },
        };
    }

    private static void Enqueue(UnitOfWork unit, Match finished, MatchReport report, IdempotentRequest request)
    {
        unit.Enqueue(
            new StoreOutcome<SummonersGridModule>(unit.Actor.Key, request, JsonSerializer.Serialize(new { match = finished.Id }))
        );
        unit.Enqueue(new CountMatch(finished));
        unit.Enqueue(new EndMatch(finished, report.Data));
        if (report.TemplateIds is { Count: > 0 } played)
            unit.Enqueue(RecordTemplateUses.Of(played));
        var told = JsonSerializer.Serialize(
            new { winner = finished.WinnerId, ratings = finished.RatingChanges.Select(c => new { player = c.Player, rating = c.After }) }
        );
        unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("match.completed", finished.Id.ToString(), 2, told)]));
        unit.Enqueue(new WriteActivity<SummonersGridModule>(unit.Actor, new Activity(Verb, finished.Id.ToString())));
    }
}
