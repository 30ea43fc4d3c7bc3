using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>Ends a match without a result, such as after a crash of its game server. It counts for nobody and moves no rating.</summary>
public sealed class AbandonMatch(GameDatabase database)
{
    private const string Verb = "match.abandon";

    /// <summary>For trusted parties only; the caller checks that. Safe to repeat under the same key.</summary>
    /// <param name="actor">Who reports it.</param>
    /// <param name="matchId">The match.</param>
    /// <param name="endedAt">From the start to now; now when null.</param>
    /// <param name="key">The caller's name for this request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<EndMatchOutcome> RunAsync(
        Actor actor,
        Guid matchId,
        DateTimeOffset? endedAt,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        var request = IdempotentRequest.Of(key, Verb, new { matchId, endedAt });
        return database.WriteAsync<EndMatchOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var locked = unit.Enqueue(new LockMatch(matchId));
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                if (stored is not null)
                    return unit.Replay(EndMatchOutcome.Replay(stored, request, locked.FirstOrDefault));
                if (EndMatchOutcome.Refusal(locked.FirstOrDefault, winner: null, endedAt) is { } refusal)
                    return EndMatchOutcome.Refuse(unit, refusal, Verb, matchId);

                var ended = locked.FirstOrDefault!.EndedAs(MatchStatus.Abandoned, endedAt);
                unit.Enqueue(
                    new StoreOutcome<SummonersGridModule>(actor.Key, request, JsonSerializer.Serialize(new { match = matchId }))
                );
                unit.Enqueue(new EndMatch(ended, Data: null));
                unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("match.abandoned", matchId.ToString(), 2, "{}")]));
                unit.Enqueue(new WriteActivity<SummonersGridModule>(actor, new Activity(Verb, matchId.ToString())));
                return new EndMatchOutcome.Ended(ended, IsReplay: false);
            },
            cancellationToken
        );
    }
}
