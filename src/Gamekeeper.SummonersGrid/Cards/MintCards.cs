using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Integrity;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>Cards to bring into the world, all for one player.</summary>
/// <param name="OwnerId">Who gets them.</param>
/// <param name="TemplateIds">One entry per card, repeats wanted; 1 to 10 000.</param>
/// <param name="Method">How they come, 1 to 50 of a-z, 0-9, _ and -. Default <c>pack_opening</c>.</param>
/// <param name="Data">Pack and reason as a JSON object of integers and texts, at most 2 KB; null for none.</param>
public sealed record MintOrder(Guid OwnerId, IReadOnlyList<string> TemplateIds, string Method = "pack_opening", string? Data = null);

/// <summary>What came of a mint.</summary>
public abstract record MintOutcome
{
    private MintOutcome() { }

    /// <summary>The cards exist and belong to the player.</summary>
    /// <param name="OperationId">The one signed operation that made them.</param>
    /// <param name="CardIds">The cards, in the order of the templates.</param>
    /// <param name="IsReplay">True when an earlier request under the same key did it.</param>
    public sealed record Minted(Guid OperationId, IReadOnlyList<Guid> CardIds, bool IsReplay) : MintOutcome;

    /// <summary>The order itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : MintOutcome;

    /// <summary>There is no such player.</summary>
    public sealed record UnknownPlayer(Guid Player) : MintOutcome;

    /// <summary>The player may not take anything.</summary>
    public sealed record PlayerFrozen(Guid Player) : MintOutcome;

    /// <summary>These templates do not exist.</summary>
    public sealed record UnknownTemplates(IReadOnlyList<string> TemplateIds) : MintOutcome;

    /// <summary>The idempotency key stands for another request.</summary>
    public sealed record KeyReused : MintOutcome;
}

/// <summary>
/// Brings cards into the world: any number up to 10 000 in one transaction of two round trips, under one signature. Each card gets an
/// id of its own, so two copies of one template are two cards.
/// </summary>
public sealed class MintCards(
    GameDatabase database,
    OwnershipLedger ledger,
    CardCatalogue catalogue,
    PlayerRepository players,
    TimeProvider clock
)
{
    /// <summary>The most cards of one order.</summary>
    public const int MaxCards = 10_000;

    private const int MaxDataLength = 2048;

    /// <summary>For trusted parties only; the caller checks that. Safe to repeat under the same key.</summary>
    public Task<MintOutcome> RunAsync(
        Actor actor,
        MintOrder order,
        IdempotencyKey key,
        CancellationToken cancellationToken = default
    )
    {
        if (Check(order) is { Count: > 0 } errors)
            return Task.FromResult<MintOutcome>(new MintOutcome.Invalid(errors));
        // Spelled one way, so that a retry with other white space is the same request.
        var canonical = order with { Data = order.Data is { } data ? CanonicalJson.Of(data) : null };
        return RunAsync(actor, canonical, IdempotentRequest.Of(key, "card.mint", canonical), cancellationToken);
    }

    /// <summary>The same for a verb that decides by itself what is minted: its own request is what must not happen twice.</summary>
    internal async Task<MintOutcome> RunAsync(
        Actor actor,
        MintOrder order,
        IdempotentRequest request,
        CancellationToken cancellationToken
    )
    {
        var templates = await catalogue.CurrentAsync(cancellationToken);
        var unknown = order.TemplateIds.Where(t => !templates.ContainsKey(t)).Distinct().ToList();
        if (unknown.Count > 0)
            return new MintOutcome.UnknownTemplates(unknown);
        if (!await players.EnsureAsync(order.OwnerId, cancellationToken))
            return new MintOutcome.UnknownPlayer(order.OwnerId);
        await ledger.ReadyAsync(cancellationToken);
        return await WriteAsync(actor, order, request, cancellationToken);
    }

    /// <summary>What an earlier request under the same key made; null when there was none.</summary>
    internal Task<MintOutcome?> FindReplayAsync(Actor actor, IdempotentRequest request, CancellationToken cancellationToken) =>
        database.ReadAsync<MintOutcome?>(
            ReadConsistency.Strong,
            actor,
            async (scope, ct) =>
                await scope.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct) is { } stored
                    ? await ReplayAsync(scope, stored, request, ct)
                    : null,
            cancellationToken
        );

    private Task<MintOutcome> WriteAsync(Actor actor, MintOrder order, IdempotentRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync<MintOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var owner = unit.Enqueue(new HoldPlayers([order.OwnerId]));
                var moment = unit.Enqueue(new NextMoment());
                var stored = await unit.FirstAsync(new FindOutcome<SummonersGridModule>(actor.Key, request), ct);
                if (stored is not null)
                    return unit.Replay(await ReplayAsync(unit, stored, request, ct));
                if (owner.Rows.Count == 0)
                    return unit.Refuse(new MintOutcome.UnknownPlayer(order.OwnerId));
                if (!owner.Rows[0].MayTrade)
                    return unit.RefuseRecorded<SummonersGridModule, MintOutcome>(
                        new MintOutcome.PlayerFrozen(order.OwnerId),
                        new Activity("card.mint", order.OwnerId.ToString(), RefusalCodes.PlayerFrozen)
                    );

                var cards = Cards(order);
                var summary = JsonSerializer.Serialize(
                    new
                    {
                        owner = order.OwnerId,
                        cards = cards.Count,
                        first = cards[0].Id,
                    }
                );
                unit.Enqueue(new StoreOutcome<SummonersGridModule>(actor.Key, request, summary));
                var operation = await ledger.MintAsync(unit, moment.Rows[0], cards, ct);
                unit.Enqueue(
                    new WriteOutbox<SummonersGridModule>(
                        [new OutboxEvent("cards.minted", operation.Id.ToString(), 1, summary)]
                    )
                );
                unit.Enqueue(
                    new WriteActivity<SummonersGridModule>(
                        actor,
                        new Activity("card.mint", operation.Id.ToString(), Details: summary)
                    )
                );
                return new MintOutcome.Minted(operation.Id, [.. cards.Select(c => c.Id)], IsReplay: false);
            },
            cancellationToken
        );

    // Ids ascend with the order of the templates, so that a replay, which reads them back sorted, gives the same answer.
    private List<NewCard> Cards(MintOrder order)
    {
        var ids = Enumerable.Range(0, order.TemplateIds.Count).Select(_ => Guid.CreateVersion7(clock.GetUtcNow())).Order();
        return
        [
            .. order.TemplateIds.Zip(
                ids,
                (template, id) => new NewCard(id, template, order.OwnerId, order.Method, order.Data, UniqueStats: null)
            ),
        ];
    }

    // The stored outcome names the first card; its operation leads to all of them, in the order in which they were made.
    private static async Task<MintOutcome> ReplayAsync(
        StatementQueue queue,
        StoredOutcome stored,
        IdempotentRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!stored.Answers(request))
            return new MintOutcome.KeyReused();
        using var outcome = JsonDocument.Parse(stored.Outcome);
        var minted = await queue.ListAsync(new FindMinted(outcome.RootElement.GetProperty("first").GetGuid()), cancellationToken);
        return new MintOutcome.Minted(minted[0].Operation, [.. minted.Select(m => m.Card)], IsReplay: true);
    }

    private static List<FieldError> Check(MintOrder order)
    {
        var errors = new List<FieldError>();
        if (order.TemplateIds.Count is < 1 or > MaxCards)
            errors.Add(new("templateIds", $"names {order.TemplateIds.Count} cards; it takes 1 to {MaxCards}"));
        if (EventMethod.Problem(order.Method, EventMethod.NotAMint) is { } wrong)
            errors.Add(new("method", wrong));
        if (order.Data is { } data && FreeData.Problem(data, MaxDataLength) is { } problem)
            errors.Add(new("data", problem));
        return errors;
    }
}

/// <summary>All cards of the operation that minted one of them.</summary>
internal sealed record FindMinted(Guid Card) : IQuery<FindMinted, (Guid Operation, Guid Card)>
{
    public static string Sql =>
        """
        select h.operation_id, h.card_instance_id
        from summoners_grid.ownership_history h
        -- idx_ownership_history_operation
        where h.operation_id = (
          select f.operation_id from summoners_grid.ownership_history f where f.card_instance_id = $1 and f.position = 1)
        order by h.card_instance_id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Card);

    public static (Guid Operation, Guid Card) Read(NpgsqlDataReader row) => (row.GetGuid(0), row.GetGuid(1));
}
