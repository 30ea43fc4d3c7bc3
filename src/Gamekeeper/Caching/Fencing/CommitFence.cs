using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Caching.Fencing;

/// <summary>
/// Tells all caches what a commit made old, before its writer is answered. What is written at the same time is told together.
/// </summary>
internal sealed class CommitFence(
    GameDatabase database,
    CacheNode node,
    CacheRedis redis,
    LocalValues values,
    ToldInvalidations told,
    IOptions<CacheOptions> options,
    CacheFaults faults
) : ICommitFence
{
    private const int MaxAttempts = 4;

    private readonly Lock _gate = new();
    private readonly TimeSpan _within = options.Value.AcknowledgeWithin;
    private HashSet<string>? _waitingKeys;
    private Task? _waitingRound;
    private Task _round = Task.CompletedTask;

    public async Task AfterCommitAsync(string invalidated, CancellationToken cancellationToken)
    {
        faults.AfterCommit();
        var what = Invalidated.Parse(invalidated);
        if (what.IsEverything)
        {
            values.DropAll();
            await node.VoidAllAsync("a write made more old than can be listed");
            return;
        }
        await DropAsync(what.Keys);
        told.Add(what.Rows);
    }

    public async Task BeforeReplayAsync(CancellationToken cancellationToken) => await RelayAsync(TimeSpan.Zero, cancellationToken);

    /// <summary>Tells what writers of this age left untold; how many rows that were.</summary>
    public async Task<int> RelayAsync(TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var waiting = await database.ListAsync(new FindWaiting(olderThan, Most: 1000), cancellationToken);
        if (waiting.Count == 0)
            return 0;
        await DropAsync([.. waiting.SelectMany(w => w.Keys).Distinct(StringComparer.Ordinal)]);
        await database.FirstAsync(new ForgetWaiting([.. waiting.Select(w => w.Row)]), cancellationToken);
        return waiting.Count;
    }

    /// <summary>Returns once no node serves these values.</summary>
    public Task DropAsync(IReadOnlyCollection<string> keys)
    {
        // In this process at once; whoever loads from here on reads what was committed.
        values.Drop(keys);
        lock (_gate)
        {
            if (_waitingRound is not null)
            {
                _waitingKeys!.UnionWith(keys);
                return _waitingRound;
            }
            if (_round.IsCompleted)
                return _round = TellAsync(keys);
            _waitingKeys = [.. keys];
            return _waitingRound = AfterAsync(_round);
        }
    }

    private async Task AfterAsync(Task before)
    {
        // Never on at once, though the round before may just have ended: whoever called has yet to note this one as the waiting one.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task mine;
        lock (_gate)
        {
            _round = mine = TellAsync(_waitingKeys!);
            (_waitingKeys, _waitingRound) = (null, null);
        }
        await mine;
    }

    // Null while PostgreSQL does not say. The commit stands, so this is no failure of the write yet: whoever voids everything tries longer.
    private async Task<Membership?> MembersAsync()
    {
        try
        {
            return await node.MembersAsync(CancellationToken.None);
        }
        catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
        {
            return null;
        }
    }

    private async Task TellAsync(IReadOnlyCollection<string> keys)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await MembersAsync() is not { } members)
                break;
            // Whoever joins when nobody holds a lease begins a new epoch. And what this node alone kept, it has dropped.
            if (members.Others.Count == 0 && (!redis.IsUsed || !node.HoldsLease))
                return;
            if (redis.Channel is not { } channel || !redis.IsInTouch || !faults.IsSameRun(redis.RunId, members.Epoch.RedisRunId))
                break;
            switch (await channel.TellAsync(keys, members, _within))
            {
                // Nobody can have begun to serve meanwhile who was not asked.
                case FenceResult.Told when node.StillHolds(members):
                    return;
                case FenceResult.Failed:
                    await node.VoidAllAsync("a write could not be told to every node");
                    return;
                // Somebody raised the epoch, and not everybody has followed yet. Raising it once more would only make more of them late.
                case FenceResult.EpochMoved:
                    await node.AdoptedByOthersAsync(members.Epoch.Number);
                    break;
            }
            node.ForgetMembers();
        }
        await node.VoidAllAsync("a write could not be told to every node");
    }
}
