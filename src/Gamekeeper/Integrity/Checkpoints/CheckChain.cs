using Gamekeeper.Storage;
using Gamekeeper.Transactions;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// Holds the checkpoints of the database against each other, against the keys, and against the objects of the store, leaves included. Reads
/// only; safe to repeat.
/// </summary>
public sealed class CheckChain(GameDatabase database, SigningKeyRing keys, IObjectStore store)
{
    /// <summary>What does not hold, the first ones first; empty when all does.</summary>
    /// <param name="since">The first checkpoint to look at; 1 for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public Task<IReadOnlyList<InvariantBreach>> RunAsync(long since = 1, int limit = 20, CancellationToken cancellationToken = default) =>
        RunAsync(since, limit, withObjects: true, cancellationToken);

    internal async Task<IReadOnlyList<InvariantBreach>> RunAsync(long since, int limit, bool withObjects, CancellationToken cancellationToken)
    {
        var breaches = new List<InvariantBreach>();
        HashSet<long>? objects = null;
        GamekeeperException? unreachable = null;
        try
        {
            // Listed before the rows are read: a checkpoint that is made meanwhile has its row first.
            objects = withObjects ? await NumbersAsync(cancellationToken) : null;
        }
        catch (GamekeeperException failure) when (failure.Code is "storage.unavailable" or "configuration.missing")
        {
            unreachable = failure;
        }

        // Not always the number before: a checkpoint after a restore comes after those that were lost.
        var previous = await database.FirstAsync(new NewestCheckpoints(since, 1), cancellationToken);
        InvariantBreach? notPut = null;
        await foreach (var signed in database.StreamAsync(new ReadCheckpoints(since), cancellationToken))
        {
            if (breaches.Count >= limit)
                return [.. breaches.Take(limit)];
            if (notPut is not null)
                breaches.Add(notPut);
            breaches.AddRange(await OfOneAsync(previous, signed, objects is not null, cancellationToken));
            // The newest one's object may be about to be put; every run of the job sees to that before it makes another.
            notPut = objects is not null && !objects.Contains(signed.Number)
                ? new("core.checkpoints", $"{signed.Number}", $"its object {SignedCheckpoint.NameOf(signed.Number)} is missing from {store.Where}")
                : null;
            previous = signed;
            objects?.Remove(signed.Number);
            if (Readable(signed)?.Abandons is { } lost)
                objects?.RemoveWhere(n => n >= lost.First && n <= lost.Last);
        }
        // A store that nobody has ever asked for anything is no breach.
        if (unreachable is not null && previous is not null)
            breaches.Insert(0, new("object store", store.Where, $"checkpoints could not be compared with their objects: {unreachable.Message}"));
        foreach (var number in (objects ?? []).Where(n => n >= since).Order())
        {
            breaches.Add(
                new("core.checkpoints", $"{number}", number > (previous?.Number ?? 0)
                    ? $"{store.Where} holds it and the database does not know it: the database was put back to an earlier state, or its newest rows were removed"
                    : "was removed from the database; its object is there")
            );
        }
        return [.. breaches.Take(limit)];
    }

    private async Task<List<InvariantBreach>> OfOneAsync(
        SignedCheckpoint? previous,
        SignedCheckpoint signed,
        bool withObjects,
        CancellationToken cancellationToken
    )
    {
        var findings = new List<string>();
        if (await ChainRule.SignatureProblemAsync(keys, signed, cancellationToken) is { } problem)
            findings.Add(problem);
        if (Readable(signed) is { } said)
        {
            findings.AddRange(ChainRule.Problems(previous, signed));
            if (withObjects)
                findings.AddRange(await OfObjectsAsync(signed, said, cancellationToken));
        }
        return [.. findings.Select(f => new InvariantBreach("core.checkpoints", $"{signed.Number}", f))];
    }

    private async Task<List<string>> OfObjectsAsync(SignedCheckpoint signed, Checkpoint said, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var name = SignedCheckpoint.NameOf(signed.Number);
        var bytes = await ReadAsync(name, cancellationToken);
        if (bytes is not null && !bytes.AsSpan().SequenceEqual(signed.ObjectBytes()))
            findings.Add($"its object {name} in {store.Where} is another one; one of the two was altered");
        if (said.Leaves is { } leaves && (await LeavesProblemAsync(store, leaves, cancellationToken)) is { } problem)
            findings.Add(problem);
        return findings;
    }

    internal static async Task<string?> LeavesProblemAsync(IObjectStore store, LeavesReference leaves, CancellationToken cancellationToken) =>
        !ObjectName.IsName(leaves.Object) ? $"names an object that cannot be: {leaves.Object}"
        : await store.HeadAsync(new ObjectName(leaves.Object), cancellationToken) is not { } found ? $"its object {leaves.Object} is missing from {store.Where}"
        : found.Length != leaves.Length || found.Sha256 != leaves.Sha256 ? $"its object {leaves.Object} in {store.Where} was altered"
        : null;

    private async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var content = await store.GetAsync(new ObjectName(name), cancellationToken);
        if (content is null)
            return null;
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        return copy.ToArray();
    }

    private async Task<HashSet<long>> NumbersAsync(CancellationToken cancellationToken)
    {
        var numbers = new HashSet<long>();
        await foreach (var name in store.ListAsync(SignedCheckpoint.Prefix, cancellationToken))
        {
            if (SignedCheckpoint.NumberOf(name.ToString()) is { } number)
                numbers.Add(number);
        }
        return numbers;
    }

    private static Checkpoint? Readable(SignedCheckpoint signed)
    {
        try
        {
            return signed.Said;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
