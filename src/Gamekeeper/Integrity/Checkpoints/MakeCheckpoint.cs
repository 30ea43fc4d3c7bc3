using Gamekeeper.Auditing;
using Gamekeeper.Storage;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// Makes the next checkpoint. The order of its steps is what survives a crash between any two of them:
/// <list type="number">
/// <item>the rows' hashes are put as an object, under a name that carries their own hash: without its checkpoint it means nothing;</item>
/// <item>the checkpoint is inserted into <c>core.checkpoints</c>: of two nodes one wins;</item>
/// <item>its object is put; where that failed, the next run puts the same bytes.</item>
/// </list>
/// So an object is never ahead of the database, unless the database was put back to an earlier state.
/// </summary>
public sealed class MakeCheckpoint(
    GameDatabase database,
    ModuleCatalogue modules,
    SigningKeyRing keys,
    IObjectStore store,
    IOptions<CheckpointOptions> options,
    TimeProvider clock
)
{
    /// <summary>Covers what was committed since the last one. Safe to repeat, and on several nodes at once.</summary>
    /// <exception cref="GamekeeperException">
    /// <c>storage.unavailable</c>, <c>configuration.missing</c>: the store. <c>integrity.checkpoints-behind</c>: the store holds a checkpoint
    /// that the database does not know. <c>integrity.checkpoint-forged</c>, <c>integrity.checkpoint-object-altered</c>: the last one was altered.
    /// </exception>
    public Task<MakeCheckpointOutcome> RunAsync(CancellationToken cancellationToken = default) => RunAsync(null, cancellationToken);

    /// <summary>
    /// After a database was put back to an earlier state on purpose: makes a checkpoint that says so and comes after all those of the store.
    /// Without any that the database does not know it makes a plain one.
    /// </summary>
    /// <param name="actor">Who acknowledges the loss.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<MakeCheckpointOutcome> AfterRestoreAsync(Actor actor, CancellationToken cancellationToken = default) => RunAsync(actor, cancellationToken);

    private async Task<MakeCheckpointOutcome> RunAsync(Actor? acknowledgesLoss, CancellationToken cancellationToken)
    {
        var last = await database.FirstAsync(new NewestCheckpoints(long.MaxValue, 1), cancellationToken);
        if (last is not null)
            await HoldAsync(last, cancellationToken);
        var next = (last?.Number ?? 0) + 1;
        NumberRange? abandons = null;
        if (await store.HeadAsync(new ObjectName(SignedCheckpoint.NameOf(next)), cancellationToken) is not null)
        {
            // Another node may have made it since the first look.
            if (await database.FirstAsync(new NewestCheckpoints(long.MaxValue, 1), cancellationToken) is { } now && now.Number >= next)
                return new MakeCheckpointOutcome.AnotherWasFirst(now.Number);
            if (acknowledgesLoss is null)
                throw Behind(next);
            abandons = new(next, await NewestOfStoreAsync(cancellationToken));
            next = abandons.Value.Last + 1;
        }

        await using var leaves = new LeavesFile();
        var cuts = new List<SourceCut>();
        var complete = true;
        var sources = modules.CheckpointSources();
        foreach (var source in sources)
        {
            var before = last?.Said.Sources.FirstOrDefault(s => s.Name == source.Name) ?? SourceCut.None(source.Name);
            var (cut, reachedEnd) = await new CutSource(source, leaves, options.Value.MaxRows).RunAsync(before, cancellationToken);
            cuts.Add(cut);
            complete &= reachedEnd;
        }
        // A process that knows fewer games carries on what the others have done.
        cuts.AddRange((last?.Said.Sources ?? []).Where(s => sources.All(k => k.Name != s.Name)).Select(s => s.WithoutRows()));

        var key = await keys.ActiveAsync(cancellationToken);
        var signed = SignedCheckpoint.Sign(
            new Checkpoint
            {
                Number = next,
                At = await database.FirstAsync(new CheckpointTime(), cancellationToken),
                Previous = last is null ? null : new(last.Number, Convert.ToHexStringLower(last.Hash)),
                Abandons = abandons,
                KeyId = key.Id,
                Leaves = await leaves.PutAsync(store, next, cancellationToken),
                Sources = cuts,
            },
            key
        );
        if (!await InsertAsync(signed, acknowledgesLoss, cancellationToken))
            return new MakeCheckpointOutcome.AnotherWasFirst(next);
        await PutAsync(signed, cancellationToken);
        return new MakeCheckpointOutcome.Made(signed, complete);
    }

    // The next one will vouch for it by its hash, so it must be ours; and a crash may have kept its object from being put.
    private async Task HoldAsync(SignedCheckpoint last, CancellationToken cancellationToken)
    {
        if (await ChainRule.SignatureProblemAsync(keys, last, cancellationToken) is { } problem)
            throw new GamekeeperException("integrity.checkpoint-forged", $"Checkpoint {last.Number} in core.checkpoints {problem}. No other is made on top of it; see docs/operating/checkpoints.md.");
        await PutAsync(last, cancellationToken);
    }

    private async Task PutAsync(SignedCheckpoint signed, CancellationToken cancellationToken)
    {
        var name = SignedCheckpoint.NameOf(signed.Number);
        using var content = new MemoryStream(signed.ObjectBytes());
        if (await store.PutAsync(new ObjectName(name), content, cancellationToken) is PutOutcome.TakenByAnother)
            throw new GamekeeperException(
                "integrity.checkpoint-object-altered",
                $"{name} in {store.Where} is another one than the database's; one of the two was altered. See docs/operating/checkpoints.md."
            );
    }

    private Task<bool> InsertAsync(SignedCheckpoint signed, Actor? acknowledgesLoss, CancellationToken cancellationToken) =>
        database.WriteAsync(
            acknowledgesLoss ?? Actor.System(clock),
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                if (acknowledgesLoss is not null && signed.Said.Abandons is { } lost)
                    unit.Enqueue(new WriteActivity<CoreSchema>(acknowledgesLoss, new("checkpoint.after-restore", $"{lost.First}-{lost.Last}")));
                return await unit.FirstAsync(new InsertCheckpoint(signed), ct);
            },
            cancellationToken
        );

    private async Task<long> NewestOfStoreAsync(CancellationToken cancellationToken)
    {
        var newest = 0L;
        await foreach (var name in store.ListAsync(SignedCheckpoint.Prefix, cancellationToken))
            newest = Math.Max(newest, SignedCheckpoint.NumberOf(name.ToString()) ?? 0);
        return newest;
    }

    private GamekeeperException Behind(long number) =>
        new(
            "integrity.checkpoints-behind",
            $"{store.Where} holds checkpoint {number} and the database does not know it: the database was put back to an earlier state, or its newest rows were removed. "
                + "No checkpoint is made meanwhile; see docs/operating/checkpoints.md."
        );
}

/// <summary>How making a checkpoint ended.</summary>
public abstract record MakeCheckpointOutcome
{
    private MakeCheckpointOutcome() { }

    /// <summary>It stands in the database and in the store.</summary>
    /// <param name="Checkpoint">The checkpoint.</param>
    /// <param name="IsComplete">False when a table had more rows than one checkpoint takes: make another.</param>
    public sealed record Made(SignedCheckpoint Checkpoint, bool IsComplete) : MakeCheckpointOutcome;

    /// <summary>Another node made that one in the same moment; what it did not see comes with the next.</summary>
    public sealed record AnotherWasFirst(long Number) : MakeCheckpointOutcome;
}
