using Gamekeeper.Paging;
using Gamekeeper.Transactions;

namespace Gamekeeper.Auditing;

/// <summary>
/// Reads the row audit and the activities of all schemas together, newest first, in keyset pages. It reads the primary, so that what was
/// acknowledged is in it. Who may read the audit is for the caller to decide.
/// </summary>
public sealed class AuditReader(GameDatabase database, CursorKey key)
{
    /// <summary>Changes of rows.</summary>
    /// <param name="question">Which ones.</param>
    /// <param name="range">From when until when.</param>
    /// <param name="size">Rows of the page.</param>
    /// <param name="cursor">Where the last page ended; null for the first one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A question for a range has one that is open at an end.</exception>
    public Task<AuditReading<RecordChange>> ChangesAsync(
        ChangeQuestion question,
        AuditRange range,
        PageSize size,
        string? cursor = null,
        CancellationToken cancellationToken = default
    )
    {
        var list = Bounded(new CursorQuestion("audit.changes", PageOrder.Descending, AuditPlace.Columns), range);
        list = question switch
        {
            ChangeQuestion.OfRecord q => list.Where("schema", q.Schema).Where("table", q.Table).Where("record", q.RecordId),
            ChangeQuestion.ByActor q => list.Where("actor", q.ActorId),
            ChangeQuestion.InRange q when range.IsBounded => list.Where("action", q.Action),
            _ => throw OpenRange(nameof(range)),
        };
        return PageAsync(
            list,
            range,
            size,
            cursor,
            change => Cursor.Write(key, list, change.At, change.Id, change.Schema),
            place =>
                question switch
                {
                    ChangeQuestion.OfRecord q => database.ListAsync(new ChangesOfRecord(place, q), cancellationToken),
                    ChangeQuestion.ByActor q => database.ListAsync(new ChangesByActor(place, q), cancellationToken),
                    ChangeQuestion.InRange q => database.ListAsync(new ChangesInRange(place, q), cancellationToken),
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
        );
    }

    /// <summary>What was done or tried.</summary>
    /// <param name="question">Which activities.</param>
    /// <param name="range">From when until when.</param>
    /// <param name="size">Rows of the page.</param>
    /// <param name="cursor">Where the last page ended; null for the first one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A question for a range has one that is open at an end.</exception>
    public Task<AuditReading<ActivityEntry>> ActivitiesAsync(
        ActivityQuestion question,
        AuditRange range,
        PageSize size,
        string? cursor = null,
        CancellationToken cancellationToken = default
    )
    {
        var list = Bounded(new CursorQuestion("audit.activities", PageOrder.Descending, AuditPlace.Columns), range);
        list = question switch
        {
            ActivityQuestion.ByActor q => list.Where("actor", q.ActorId),
            ActivityQuestion.ByAction q => list.Where("action", q.Action),
            ActivityQuestion.InRange when range.IsBounded => list,
            _ => throw OpenRange(nameof(range)),
        };
        return PageAsync(
            list,
            range,
            size,
            cursor,
            entry => Cursor.Write(key, list, entry.At, entry.Id, entry.Schema),
            place =>
                question switch
                {
                    ActivityQuestion.ByActor q => database.ListAsync(new ActivitiesByActor(place, q), cancellationToken),
                    ActivityQuestion.ByAction q => database.ListAsync(new ActivitiesByAction(place, q), cancellationToken),
                    ActivityQuestion.InRange => database.ListAsync(new ActivitiesInRange(place), cancellationToken),
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
        );
    }

    /// <summary>How often each verb was done or refused in a range, by name. Reads the whole range.</summary>
    /// <exception cref="ArgumentException">The range is open at an end.</exception>
    public Task<IReadOnlyList<ActivityStatistics>> StatisticsAsync(AuditRange range, CancellationToken cancellationToken = default) =>
        range.IsBounded ? database.ListAsync(new CountActivities(range), cancellationToken) : throw OpenRange(nameof(range));

    private async Task<AuditReading<T>> PageAsync<T>(
        CursorQuestion list,
        AuditRange range,
        PageSize size,
        string? cursor,
        Func<T, string> toCursor,
        Func<AuditPlace, Task<IReadOnlyList<T>>> readAsync
    )
    {
        var place = AuditPlace.First(range, size);
        if (cursor is not null)
        {
            var reading = Cursor.Read(key, list, cursor);
            if (reading is CursorReading.Refused refused)
                return new AuditReading<T>.CursorRefused(refused.Refusal);
            place = AuditPlace.After(((CursorReading.Valid)reading).Values, range, size);
        }
        return new AuditReading<T>.Found(Page.From(await readAsync(place), size, toCursor));
    }

    // The range belongs to the question: its end is where the first page began. Ticks, since a caller's instant may be finer than ours.
    private static CursorQuestion Bounded(CursorQuestion list, AuditRange range) =>
        list.Where("from", range.From?.UtcTicks).Where("until", range.Until?.UtcTicks);

    private static ArgumentException OpenRange(string parameter) =>
        new("Without a record, an actor or an action the range must say from when until when; else all months would be read.", parameter);
}
