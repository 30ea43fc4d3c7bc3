using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Gamekeeper.Caching.Faults;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Caching.Fencing;

/// <summary>
/// This process among the nodes: which epoch it has adopted, whether it may answer from its cache, and who else may. PostgreSQL decides
/// all of it; see docs/concepts/caching.md for why that holds through pauses, partitions and restarts.
/// </summary>
/// <remarks>
/// <code>
/// away ──join──▶ joined, serves nothing for a lease ──▶ serves ──lease ran out, epoch raised──▶ serves nothing ──renewal──▶ serves
///   ▲                                                     │
///   └───────────────── Redis lost, or shut down ──────────┘
/// </code>
/// </remarks>
internal sealed partial class CacheNode(
    GameDatabase database,
    LocalValues values,
    NodeId self,
    CacheRedis redis,
    IOptions<CacheOptions> options,
    CacheFaults faults,
    TimeProvider clock,
    ILogger<CacheNode> logger
)
{
    private readonly TimeSpan _lease = options.Value.Lease;
    private readonly RaisedEpochs _raised = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile Tenure? _tenure;
    private volatile Membership? _members;
    private volatile bool _holdsLease;
    private long _adopted;
    private long _leastEpoch;

    // Set when it joins. Until then as if it were joining: it is on its way there.
    private long _servesFrom = clock.GetTimestamp() + (long)(options.Value.Lease.TotalSeconds * 2 * clock.TimestampFrequency);

    /// <summary>May this node answer from its cache now, and with which epoch's values? Asked before every such answer.</summary>
    public bool Serves([NotNullWhen(true)] out Epoch? epoch)
    {
        var now = clock.GetTimestamp();
        if (_tenure is { } tenure && (now < tenure.Until || faults.IsWithout(Safeguards.Lease)) && now >= tenure.From && tenure.Epoch.Number >= Volatile.Read(ref _leastEpoch))
        {
            epoch = tenure.Epoch;
            return true;
        }
        epoch = null;
        return false;
    }

    /// <summary>True while it serves nothing only because it has not been here for long, which passes by itself.</summary>
    public bool IsJoining => clock.GetTimestamp() < Volatile.Read(ref _servesFrom);

    /// <summary>True from before it asks for a lease until it has given it back.</summary>
    public bool HoldsLease => _holdsLease;

    /// <summary>The epoch that this node knows of last; null before the first.</summary>
    public Epoch? Known => _members?.Epoch;

    /// <summary>How many others answer from caches, as last heard.</summary>
    public int Others => _members?.Others.Count ?? 0;

    /// <summary>Who answers from caches; known for half a lease.</summary>
    public async Task<Membership> MembersAsync(CancellationToken cancellationToken)
    {
        if (_members is { } known && clock.GetElapsedTime(known.ReadAt) < _lease / 2)
            return known;
        var asked = clock.GetTimestamp();
        var standing = await database.FirstAsync(new ReadMembers(self.Value), cancellationToken);
        // What is told under this epoch is not removed from the one before: nothing of that is served from here on.
        if (Bar(standing!.Epoch.Number))
            Wake();
        return _members = new Membership(standing.Epoch, standing.Others, asked);
    }

    /// <summary>True while nobody can have begun to serve since the membership was read.</summary>
    public bool StillHolds(Membership members) => clock.GetElapsedTime(members.ReadAt) < _lease;

    public void ForgetMembers() => _members = null;

    /// <summary>
    /// Makes every cached value of every node void; returns once no node serves one any more. Whoever comes while one is under way waits
    /// for the next, which all of them share.
    /// </summary>
    public Task VoidAllAsync(string reason) => _raised.NextAsync(() => RaiseAndWaitAsync(reason));

    /// <summary>Returns once every other node has adopted this epoch: with its next renewal, or else its lease runs out.</summary>
    public Task AdoptedByOthersAsync(long number) => UntilAsync(() => IsAdoptedByOthersAsync(number));

    /// <summary>A new epoch, without waiting for others to adopt it.</summary>
    public async Task RaiseAsync(string? runId, string reason, CancellationToken cancellationToken)
    {
        LogRaised(logger, reason);
        var number = await database.FirstAsync(new RaiseEpoch(runId, reason), cancellationToken);
        ServeNothingBefore(number);
    }

    /// <summary>
    /// Looks at a Redis server before anything is read from it. One that was restarted may hold what it saved long ago: its values do not
    /// count.
    /// </summary>
    public async Task VerifyRedisAsync(string runId, CancellationToken cancellationToken)
    {
        ForgetMembers();
        var members = await MembersAsync(cancellationToken);
        if (!faults.IsSameRun(members.Epoch.RedisRunId, runId))
            await RaiseAsync(runId, $"Redis runs anew, as {runId}", cancellationToken);
        Wake();
    }

    /// <summary>One step: renews the lease, or gives it back while Redis is away. True when the next one is due at once.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (!redis.IsInTouch)
        {
            await LeaveAsync(cancellationToken);
            var members = await MembersAsync(cancellationToken);
            redis.Listen(members.Epoch.Cluster);
            return redis.IsInTouch;
        }
        _holdsLease = true;
        var asked = clock.GetTimestamp();
        var standing = (await database.FirstAsync(new RenewLease(self.Value, self.Name, _adopted, _lease), cancellationToken))!;
        if (standing.Joined)
        {
            values.DropAll();
            // A tenth more, since two machines' clocks may run at slightly different speeds.
            Volatile.Write(ref _servesFrom, clock.GetTimestamp() + Ticks(_lease * 1.1));
            LogJoined(logger, self.Name, standing.Others.Count, _lease.TotalMilliseconds);
        }
        if (standing.Epoch.Number < _adopted)
        {
            _adopted = 0;
            // Numbers begin again from lower ones; the raised one is the least that counts from here on.
            Volatile.Write(ref _leastEpoch, 0);
            await RaiseAsync(redis.RunId, "the database went back to an earlier epoch", cancellationToken);
            return true;
        }
        var isNew = standing.Epoch.Number != _adopted;
        _adopted = standing.Epoch.Number;
        redis.Adopted = _adopted;
        _members = new Membership(standing.Epoch, standing.Others, asked);
        if (!faults.IsSameRun(redis.RunId, standing.Epoch.RedisRunId))
        {
            LogOtherRedis(logger, redis.RunId ?? "none", standing.Epoch.RedisRunId ?? "none");
            await LeaveAsync(cancellationToken);
            return false;
        }
        _tenure = new Tenure(standing.Epoch, _servesFrom, asked + Ticks(_lease));
        // Others may wait to hear that it was adopted.
        return isNew;
    }

    /// <summary>Waits for the next step: a third of a lease, or until woken.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var third = new CancellationTokenSource(_lease / 3, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(third.Token, cancellationToken);
        Task woken = _wake.Reader.ReadAsync(either.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives the lease back: nobody need wait for this node any more.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        _tenure = null;
        if (!_holdsLease)
            return;
        await database.FirstAsync(new LeaveCache(self.Value), cancellationToken);
        _holdsLease = false;
        LogLeft(logger, self.Name);
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    private Task RaiseAndWaitAsync(string reason)
    {
        long? number = null;
        return UntilAsync(async () =>
        {
            if (number is null)
            {
                LogRaised(logger, reason);
                number = await database.FirstAsync(new RaiseEpoch(redis.RunId, reason), CancellationToken.None);
                ServeNothingBefore(number.Value);
            }
            return await IsAdoptedByOthersAsync(number.Value);
        });
    }

    private async Task<bool> IsAdoptedByOthersAsync(long number) =>
        await database.FirstAsync(new FindStragglers(self.Value, number), CancellationToken.None) is not { Length: > 0 };

    private async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var started = clock.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(10); ; pause = pause < _lease / 10 ? pause * 2 : pause)
        {
            try
            {
                if (await isSo())
                    return;
            }
            catch (Exception failure) when (failure is GamekeeperException or Npgsql.NpgsqlException)
            {
                if (clock.GetElapsedTime(started) > database.MaxOutage)
                    throw new GamekeeperException(
                        "transactions.outcome-unknown",
                        "The change is made, but PostgreSQL could not be asked whether every cache has dropped what it made old. "
                            + "Repeat the request with its idempotency key.",
                        failure
                    );
            }
            await Task.Delay(pause, clock);
        }
    }

    private void ServeNothingBefore(long number)
    {
        Bar(number);
        ForgetMembers();
        Wake();
    }

    // Never back: a step that read the epoch before it was raised must not serve with it. True when this node did not know of the epoch.
    private bool Bar(long number)
    {
        for (var least = Volatile.Read(ref _leastEpoch); least < number; least = Volatile.Read(ref _leastEpoch))
            if (Interlocked.CompareExchange(ref _leastEpoch, number, least) == least)
                return true;
        return false;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    [LoggerMessage(1010, LogLevel.Information, "Cache node {Name} joined {Others} others and serves cached values from {LeaseMs} ms from now on")]
    private static partial void LogJoined(ILogger logger, string name, int others, double leaseMs);

    [LoggerMessage(1011, LogLevel.Information, "Cache node {Name} serves no cached values until further notice")]
    private static partial void LogLeft(ILogger logger, string name);

    [LoggerMessage(1012, LogLevel.Information, "All cached values are void: {Reason}")]
    private static partial void LogRaised(ILogger logger, string reason);

    [LoggerMessage(1013, LogLevel.Warning, "This node is connected to the Redis server of run {Ours}, the others to that of run {Theirs}; it serves no cached values")]
    private static partial void LogOtherRedis(ILogger logger, string ours, string theirs);
}
