using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Paging;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>What changed in which row, and what was done or tried, over all schemas, newest first.</summary>
internal static class TrailEndpoints
{
    /// <summary>The longest range of an otherwise open question; a partition holds a month.</summary>
    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(92);

    public static void Map(RouteGroupBuilder v1)
    {
        var trails = v1.MapGroup("/ops").WithTags("Operations").RequireAuthorization(Policies.Audit);
        trails
            .MapGet("/audit", ChangesAsync)
            .WithName("listChanges")
            .WithSummary("Changes of rows: of one record, by one actor, or of everybody in a range of at most 92 days")
            .Refuses(PagingErrors.All);
        trails
            .MapGet("/activity", ActivitiesAsync)
            .WithName("listActivities")
            .WithSummary("What was done or tried: by one actor, of one verb, or by everybody in a range of at most 92 days")
            .Refuses(PagingErrors.All);
    }

    private static async Task<Results<Ok<PageResponse<ChangeResponse>>, Refusal>> ChangesAsync(
        [StringLength(63), Description("With table and record: the history of one row.")] string? schema,
        [StringLength(63)] string? table,
        [StringLength(100)] string? record,
        [Description("An account or service key.")] Guid? actor,
        [AllowedValues("INSERT", "UPDATE", "DELETE"), Description("Only with a range alone.")] string? action,
        DateTimeOffset? from,
        DateTimeOffset? until,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        AuditReader audit,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        ChangeQuestion question;
        var range = new AuditRange(from, until);
        if (schema is not null && table is not null && record is not null && actor is null && action is null)
            question = new ChangeQuestion.OfRecord(schema, table, record);
        else if (actor is { } who && schema is null && table is null && record is null && action is null)
            question = new ChangeQuestion.ByActor(who);
        else if (schema is null && table is null && record is null && actor is null)
            (question, range) = (new ChangeQuestion.InRange(action), Bounded(range, clock));
        else
            return Refusal.OfField(RequestErrors.Invalid, "schema", "goes with table and record; actor stands alone; action goes with from and until");
        if (Problem(range, question is ChangeQuestion.InRange) is { } refusal)
            return refusal;
        var page = Paged.Asked(limit, cursor);
        return Answer(await audit.ChangesAsync(question, range, page.Size, page.Cursor, cancellationToken), ChangeResponse.Of);
    }

    private static async Task<Results<Ok<PageResponse<ActivityResponse>>, Refusal>> ActivitiesAsync(
        [Description("An account or service key.")] Guid? actor,
        [StringLength(100), Description("A verb, such as `trade.accept`.")] string? action,
        DateTimeOffset? from,
        DateTimeOffset? until,
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        AuditReader audit,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (actor is not null && action is not null)
            return Refusal.OfField(RequestErrors.Invalid, "action", "and actor are asked for one at a time");
        var range = new AuditRange(from, until);
        ActivityQuestion question;
        if (actor is { } who)
            question = new ActivityQuestion.ByActor(who);
        else if (action is not null)
            question = new ActivityQuestion.ByAction(action);
        else
            (question, range) = (new ActivityQuestion.InRange(), Bounded(range, clock));
        if (Problem(range, question is ActivityQuestion.InRange) is { } refusal)
            return refusal;
        var page = Paged.Asked(limit, cursor);
        return Answer(await audit.ActivitiesAsync(question, range, page.Size, page.Cursor, cancellationToken), ActivityResponse.Of);
    }

    // A whole day, so that the next page, asked a second later, is still the same question.
    private static AuditRange Bounded(AuditRange range, TimeProvider clock)
    {
        if (range.From is not null || range.Until is not null)
            return range;
        var tomorrow = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
        return new AuditRange(tomorrow.AddDays(-31), tomorrow);
    }

    private static Refusal? Problem(AuditRange range, bool mustBeBounded)
    {
        if (range is { From: { } from, Until: { } until })
        {
            return until <= from ? Refusal.OfField(RequestErrors.Invalid, "until", "must lie after from")
                : mustBeBounded && until - from > LongestRange
                    ? Refusal.OfField(RequestErrors.Invalid, "from", $"and until lie {(until - from).TotalDays:0} days apart; at most {LongestRange.TotalDays:0} are answered at once")
                : null;
        }
        return mustBeBounded ? Refusal.OfField(RequestErrors.Invalid, "from", "and until are given together, or neither for the last 31 days") : null;
    }

    private static Results<Ok<PageResponse<TWire>>, Refusal> Answer<T, TWire>(AuditReading<T> reading, Func<T, TWire> toWire) =>
        reading switch
        {
            AuditReading<T>.Found found => Paged.Answer(new PageOutcome<T>.Given(found.Page), toWire),
            AuditReading<T>.CursorRefused refused => Refusals.Page(refused.Refusal),
            _ => throw new System.Diagnostics.UnreachableException(reading.GetType().Name),
        };
}

internal sealed record ChangeResponse(
    string Schema,
    long Id,
    DateTimeOffset At,
    string Table,
    string RecordId,
    [property: AllowedValues("INSERT", "UPDATE", "DELETE")] string Action,
    [property: Description("The row before, without personal and secret columns.")] JsonElement? OldValues,
    [property: Description("The row after, without personal and secret columns.")] JsonElement? NewValues,
    Guid? ActorId,
    string? ActorKind,
    Guid? RequestId
)
{
    public static ChangeResponse Of(RecordChange change) =>
        new(
            change.Schema,
            change.Id,
            change.At,
            change.Table,
            change.RecordId,
            change.Action,
            WireDocument.Of(change.OldValues),
            WireDocument.Of(change.NewValues),
            change.ActorId,
            change.ActorKind?.ToString().ToLowerInvariant(),
            change.RequestId
        );
}

internal sealed record ActivityResponse(
    string Schema,
    long Id,
    DateTimeOffset At,
    string Action,
    string? Subject,
    bool Succeeded,
    string? ErrorCode,
    JsonElement? Details,
    Guid? ActorId,
    string ActorKind,
    Guid RequestId,
    string? IpAddress,
    string? UserAgent
)
{
    public static ActivityResponse Of(ActivityEntry entry) =>
        new(
            entry.Schema,
            entry.Id,
            entry.At,
            entry.Action,
            entry.Subject,
            entry.Succeeded,
            entry.ErrorCode,
            WireDocument.Of(entry.Details),
            entry.ActorId,
            entry.ActorKind.ToString().ToLowerInvariant(),
            entry.RequestId,
            entry.IpAddress,
            entry.UserAgent
        );
}
