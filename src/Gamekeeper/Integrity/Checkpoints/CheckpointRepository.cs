using Gamekeeper.Paging;
using Gamekeeper.Transactions;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>Reads checkpoints; they are for everyone.</summary>
public sealed class CheckpointRepository(GameDatabase database, CursorKey cursors)
{
    private static readonly CursorQuestion Asked = new("core.checkpoints", PageOrder.Descending, "number");

    /// <summary>The newest one; null before the first.</summary>
    public Task<SignedCheckpoint?> NewestAsync(CancellationToken cancellationToken = default) =>
        database.FirstAsync(new NewestCheckpoints(long.MaxValue, 1), cancellationToken);

    /// <summary>One by its number; null when there is none.</summary>
    public async Task<SignedCheckpoint?> FindAsync(long number, CancellationToken cancellationToken = default) =>
        number is >= 1 and < long.MaxValue && await database.FirstAsync(new NewestCheckpoints(number + 1, 1), cancellationToken) is { } found && found.Number == number
            ? found
            : null;

    /// <summary>All, newest first.</summary>
    public async Task<PageOutcome<SignedCheckpoint>> ListAsync(PageRequest page, CancellationToken cancellationToken = default)
    {
        var start = page.Start(cursors, Asked);
        if (start is CursorReading.Refused refused)
            return new PageOutcome<SignedCheckpoint>.Refused(refused.Refusal);
        var before = (start as CursorReading.Valid)?.Values[0].Long ?? long.MaxValue;
        var rows = await database.ListAsync(new NewestCheckpoints(before, page.Size.RowsToRead), cancellationToken);
        return new PageOutcome<SignedCheckpoint>.Given(Page.From(rows, page.Size, c => Cursor.Write(cursors, Asked, c.Number)));
    }

    /// <summary>How old the newest one is; before the first, since when the job is known; null where nothing is known.</summary>
    public Task<TimeSpan?> AgeAsync(CancellationToken cancellationToken = default) => database.FirstAsync(new FindCheckpointAge(), cancellationToken);

    /// <summary>
    /// Transactions that checkpoints have waited for all this time, by their virtual ids (<c>virtualtransaction</c> of pg_locks). Their rows
    /// are not covered before they end, and numbers that came to nothing meanwhile gather in every checkpoint.
    /// </summary>
    /// <param name="longerThan">Since when at the least.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="System.Text.Json.JsonException">A checkpoint in the database is none.</exception>
    public async Task<IReadOnlyList<HeldNumbers>> HeldAsync(TimeSpan longerThan, CancellationToken cancellationToken = default)
    {
        if (await NewestAsync(cancellationToken) is not { } newest || await database.FirstAsync(new NewestCheckpointBefore(longerThan), cancellationToken) is not { } before)
            return [];
        return
        [
            .. from now in newest.Said.Sources
               join then in before.Said.Sources on now.Name equals then.Name
               where now.Open.Count > 0 && then.Open.Count > 0
               from transaction in now.WaitsFor.Intersect(then.WaitsFor)
               select new HeldNumbers(now.Name, transaction),
        ];
    }
}

/// <summary>A transaction that has taken a number and not ended.</summary>
/// <param name="Table">Schema and table.</param>
/// <param name="Transaction">Its virtual id.</param>
public sealed record HeldNumbers(string Table, string Transaction);
