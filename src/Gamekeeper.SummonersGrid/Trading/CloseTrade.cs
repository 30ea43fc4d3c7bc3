using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>What came of ending a trade.</summary>
public abstract record CloseTradeOutcome
{
    private CloseTradeOutcome() { }

    /// <summary>It has ended.</summary>
    /// <param name="Trade">As it stands now.</param>
    /// <param name="IsReplay">True when an earlier request under the same key did it.</param>
    public sealed record Closed(Trade Trade, bool IsReplay) : CloseTradeOutcome;

    /// <summary>There is no such trade, or it concerns others.</summary>
    public sealed record Unknown : CloseTradeOutcome;

    /// <summary>Only the other party may end it this way: the target declines, the proposer cancels.</summary>
    public sealed record NotYours : CloseTradeOutcome;

    /// <summary>It had ended already.</summary>
    public sealed record NotPending(TradeStatus Status) : CloseTradeOutcome;

    /// <summary>The reason is too long.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : CloseTradeOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : CloseTradeOutcome;
}

/// <summary>Ends an open trade without moving a card: the target declines, the proposer cancels.</summary>
public sealed class CloseTrade(GameDatabase database)
{
    /// <summary>The target says no. Safe to repeat under the same key.</summary>
    public Task<CloseTradeOutcome> DeclineAsync(
        Actor actor,
        Guid tradeId,
        string? reason,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    ) => RunAsync(actor, tradeId, TradeStatus.Declined, reason ?? "declined by the target", t => t.TargetId, key, cancellationToken);

    /// <summary>The proposer takes the offer back. Safe to repeat under the same key.</summary>
    public Task<CloseTradeOutcome> CancelAsync(
        Actor actor,
        Guid tradeId,
        string? reason,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    ) => RunAsync(actor, tradeId, TradeStatus.Cancelled, reason ?? "cancelled by the proposer", t => t.ProposerId, key, cancellationToken);

    private async Task<CloseTradeOutcome> RunAsync(
        Actor actor,
        Guid tradeId,
        TradeStatus end,
        string reason,
        Func<Trade, Guid> whose,
        IdempotencyKey key,
        CancellationToken cancellationToken
    )
    {
        if (reason.EnumerateRunes().Count() > Trade.MaxReasonLength)
            return new CloseTradeOutcome.Invalid([new("reason", $"is longer than {Trade.MaxReasonLength} characters")]);
        var verb = end == TradeStatus.Declined ? "trade.decline" : "trade.cancel";
        var request = IdempotentRequest.Of(key, verb, new { tradeId, reason });
        return await database.WriteAsync<CloseTradeOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var locked = unit.Enqueue(new LockTrade(tradeId));
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                var trade = locked.FirstOrDefault;
                if (stored is not null)
                    return unit.Replay<CloseTradeOutcome>(
                        stored.Answers(request) && trade is not null
                            ? new CloseTradeOutcome.Closed(trade, IsReplay: true)
                            : new CloseTradeOutcome.KeyReused()
                    );
                if (Refusal(actor, trade, whose) is { } refusal)
                    return unit.RefuseRecorded<SummonersGridModule, CloseTradeOutcome>(
                        refusal,
                        new Activity(verb, tradeId.ToString(), Code(refusal, end))
                    );

                var status = end.ToString().ToLowerInvariant();
                unit.Enqueue(
                    new StoreOutcome<SummonersGridModule>(actor.Key, request, JsonSerializer.Serialize(new { trade = tradeId }))
                );
                unit.Enqueue(new EndTrades([tradeId], status, reason));
                unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent($"trade.{status}", tradeId.ToString(), 1, "{}")]));
                unit.Enqueue(new WriteActivity<SummonersGridModule>(actor, new Activity(verb, tradeId.ToString())));
                return new CloseTradeOutcome.Closed(trade! with { Status = end, CancellationReason = reason }, IsReplay: false);
            },
            cancellationToken
        );
    }

    private static string Code(CloseTradeOutcome refusal, TradeStatus end) =>
        refusal switch
        {
            CloseTradeOutcome.Unknown => RefusalCodes.UnknownTrade,
            CloseTradeOutcome.NotYours => end == TradeStatus.Declined ? RefusalCodes.NotTheTarget : RefusalCodes.NotTheProposer,
            CloseTradeOutcome.NotPending => RefusalCodes.NotPending,
            _ => throw new System.Diagnostics.UnreachableException($"{refusal.GetType().Name} is no refusal of a state."),
        };

    private static CloseTradeOutcome? Refusal(Actor actor, Trade? trade, Func<Trade, Guid> whose)
    {
        if (trade is null || (!actor.IsTrusted && !trade.Concerns(actor.Key)))
            return new CloseTradeOutcome.Unknown();
        if (actor.Key != whose(trade))
            return new CloseTradeOutcome.NotYours();
        return trade.Status == TradeStatus.Pending ? null : new CloseTradeOutcome.NotPending(trade.Status);
    }
}
