using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Gamekeeper.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>
/// The only place that opens connections. Writes run on the primary as one transaction each and are repeated where that is safe;
/// reads say how fresh they must be. Thread-safe; one per process.
/// </summary>
public sealed partial class GameDatabase : IAsyncDisposable
{
    private const int MaxReads = 3;

    private readonly GameDatabaseOptions _options;
    private readonly ILogger<GameDatabase> _logger;
    private readonly TimeProvider _clock;
    private readonly RoundTripObserver _observer;
    private readonly WarmConnections _primary;
    private readonly WarmConnections _replica;

    /// <exception cref="GamekeeperException">An option is missing or out of range (<c>configuration.invalid</c>).</exception>
    public GameDatabase(IOptions<GameDatabaseOptions> options, ILogger<GameDatabase> logger, TimeProvider clock)
    {
        _options = options.Value;
        if (_options.Problems().FirstOrDefault() is { } problem)
            throw new GamekeeperException("configuration.invalid", problem);
        (_logger, _clock) = (logger, clock);
        TimedSince = clock.GetUtcNow();
        _observer = new RoundTripObserver(logger, _options.SlowStatement);
        _primary = new(DataSources.Build(_options.ConnectionString!, "gamekeeper", _options), clock);
        _replica = _options.ReplicaConnectionString is { } replica
            ? new(DataSources.Build(replica, "gamekeeper-replica", _options), clock)
            : _primary;
    }

    /// <summary>Set once at start by the cache.</summary>
    internal Lazy<ICommitFence>? Fence { get; init; }

    internal TimeSpan MaxOutage => _options.MaxOutage;

    /// <summary>Since when <see cref="Timings"/> counts: when this was made.</summary>
    public DateTimeOffset TimedSince { get; }

    /// <summary>How long the statements of this process took, slowest mean first; waiting for the network and for locks included.</summary>
    public IReadOnlyList<StatementTiming> Timings() => _observer.Timings.Read();

    /// <summary>
    /// Runs one unit of work on the primary and commits it. The work may run several times (serialization failure, deadlock, a lost
    /// server), so everything it does outside the database belongs into <see cref="UnitOfWork.AfterCommit"/>.
    /// </summary>
    /// <returns>What the work returned, once it is durable; or what it refused with, when nothing was changed.</returns>
    /// <exception cref="GamekeeperException">
    /// <c>transactions.outcome-unknown</c>: the connection was lost while committing work that may not be repeated.
    /// <c>transactions.unavailable</c>: no server within <see cref="GameDatabaseOptions.MaxOutage"/>; nothing was changed.
    /// </exception>
    public async Task<T> WriteAsync<T>(
        Actor actor,
        Func<UnitOfWork, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken = default
    )
    {
        var started = _clock.GetTimestamp();
        // Once a COMMIT was sent and its answer lost, no later failure may say that nothing was changed.
        var maybeCommitted = false;
        for (var attempt = 1; ; attempt++)
        {
            UnitOfWork? unit = null;
            T result;
            try
            {
                await using var connection = await _primary.OpenAsync(cancellationToken);
                await using var transaction = await connection.Connection.BeginTransactionAsync(cancellationToken);
                unit = new UnitOfWork(connection.Connection, transaction, actor, _observer);
                result = await work(unit, cancellationToken);
                await unit.EndAsync(cancellationToken);
                connection.MarkSound();
            }
            catch (Exception failure) when (WriteRetry.FromDatabase(failure) is { } cause)
            {
                var verdict = WriteRetry.Judge(cause, unit?.CommitSent ?? false, unit?.IsRepeatable ?? false);
                if (verdict is RetryVerdict.ReconnectAndRunAgain or RetryVerdict.Unknown)
                    await _primary.ClearAsync();
                maybeCommitted |= verdict == RetryVerdict.ReconnectAndRunAgain && unit is { CommitSent: true };
                if (!await WaitToRunAgainAsync(verdict, cause, attempt, _clock.GetElapsedTime(started), cancellationToken))
                    ThrowFinal(verdict, failure, maybeCommitted, attempt, _clock.GetElapsedTime(started));
                continue;
            }
            // Outside of the attempt: what fails here must not run the work again, and may want a connection of its own.
            // It is due even if the caller has gone meanwhile.
            if (unit.Invalidated.Length > 0 && Fence is not null)
                await Fence.Value.AfterCommitAsync(unit.Invalidated, CancellationToken.None);
            // An attempt whose COMMIT was not answered may be what this one found done.
            if ((unit.IsFoundDone || maybeCommitted) && Fence is not null)
                await Fence.Value.BeforeReplayAsync(CancellationToken.None);
            await unit.RunAfterCommitAsync(CancellationToken.None);
            return result;
        }
    }

    /// <summary>Runs one unit of work that answers nothing.</summary>
    public Task WriteAsync(Actor actor, Func<UnitOfWork, CancellationToken, Task> work, CancellationToken cancellationToken = default) =>
        WriteAsync(
            actor,
            async (unit, ct) =>
            {
                await work(unit, ct);
                return true;
            },
            cancellationToken
        );

    /// <summary>One query on the primary, one round trip.</summary>
    public Task<IReadOnlyList<TRow>> ListAsync<TQuery, TRow>(
        IQuery<TQuery, TRow> query,
        CancellationToken cancellationToken = default
    )
        where TQuery : IQuery<TQuery, TRow> => ListAsync(query, ReadConsistency.Strong, null, cancellationToken);

    /// <summary>One query, one round trip; with an actor, as row security lets that actor see it.</summary>
    public Task<IReadOnlyList<TRow>> ListAsync<TQuery, TRow>(
        IQuery<TQuery, TRow> query,
        ReadConsistency consistency,
        Actor? actor,
        CancellationToken cancellationToken = default
    )
        where TQuery : IQuery<TQuery, TRow> =>
        ReadAsync(consistency, actor, (scope, ct) => scope.ListAsync(query, ct), cancellationToken);

    /// <summary>One query on the primary, one round trip; the first row, or default when there is none.</summary>
    public Task<TRow?> FirstAsync<TQuery, TRow>(IQuery<TQuery, TRow> query, CancellationToken cancellationToken = default)
        where TQuery : IQuery<TQuery, TRow> => FirstAsync(query, ReadConsistency.Strong, null, cancellationToken);

    /// <summary>One query, one round trip; the first row, or default when there is none.</summary>
    public async Task<TRow?> FirstAsync<TQuery, TRow>(
        IQuery<TQuery, TRow> query,
        ReadConsistency consistency,
        Actor? actor,
        CancellationToken cancellationToken = default
    )
        where TQuery : IQuery<TQuery, TRow>
    {
        var rows = await ListAsync(query, consistency, actor, cancellationToken);
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>
    /// Several reads on one connection. What is flushed together is one round trip and, being one implicit transaction, sees the actor
    /// that row security asks for; name <paramref name="actor"/> where rows are filtered by it, and flush once. The work runs again on
    /// another connection when the first one is lost, so it only reads.
    /// </summary>
    public async Task<T> ReadAsync<T>(
        ReadConsistency consistency,
        Actor? actor,
        Func<ReadScope, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken = default
    )
    {
        var source = consistency == ReadConsistency.Strong ? _primary : _replica;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenAsync(cancellationToken);
                var result = await work(new ReadScope(connection.Connection, actor, _observer), cancellationToken);
                connection.MarkSound();
                return result;
            }
            // Connections that outlived a restarted server break at their first use; the pool is empty then, and the next one is new.
            catch (NpgsqlException failure) when (attempt < MaxReads && WriteRetry.IsServerLost(failure))
            {
                await source.ClearAsync();
                LogReadAgain(_logger, attempt, failure.Message);
            }
        }
    }

    /// <summary>
    /// Reads a query row by row without holding them all, in one statement and so on one snapshot: for exports and checks. The connection is
    /// held until the enumeration ends.
    /// </summary>
    public async IAsyncEnumerable<TRow> StreamAsync<TQuery, TRow>(
        IQuery<TQuery, TRow> query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
        where TQuery : IQuery<TQuery, TRow>
    {
        await using var taken = await _primary.OpenAsync(cancellationToken);
        var connection = taken.Connection;
        // The role's own statement time-out is for requests; it counts the time in which rows wait for us to check them.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var unlimited = new NpgsqlCommand("set local statement_timeout = 0", connection))
            await unlimited.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand(StatementName<TQuery>.Text, connection) { CommandTimeout = 0 };
        query.Bind(new StatementParameters(command.Parameters));
        await using var reader = await ObservedAsync(command, StatementName<TQuery>.Name, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return TQuery.Read(reader);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _primary.DisposeAsync();
        if (!ReferenceEquals(_primary, _replica))
            await _replica.DisposeAsync();
    }

    // Until the first row: the rest takes as long as whoever reads it.
    private async Task<NpgsqlDataReader> ObservedAsync(NpgsqlCommand command, string name, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken);
            _observer.Sent(name, Stopwatch.GetElapsedTime(started), failure: null);
            return reader;
        }
        catch (Exception failure)
        {
            _observer.Sent(name, Stopwatch.GetElapsedTime(started), failure);
            throw;
        }
    }

    private async Task<bool> WaitToRunAgainAsync(
        RetryVerdict verdict,
        Exception cause,
        int attempt,
        TimeSpan elapsed,
        CancellationToken cancellationToken
    )
    {
        var again = verdict switch
        {
            RetryVerdict.RunAgain => attempt < _options.MaxAttempts && (attempt == 1 || elapsed < _options.MaxOutage),
            RetryVerdict.ReconnectAndRunAgain => elapsed < _options.MaxOutage,
            _ => false,
        };
        if (!again)
            return false;
        LogRunAgain(_logger, attempt, cause.Message);
        await Task.Delay(Jitter(attempt, verdict == RetryVerdict.RunAgain ? 5 : 50), _clock, cancellationToken);
        return true;
    }

    private static void ThrowFinal(RetryVerdict verdict, Exception failure, bool maybeCommitted, int attempt, TimeSpan elapsed)
    {
        if (verdict == RetryVerdict.Unknown || maybeCommitted)
            throw new GamekeeperException(
                "transactions.outcome-unknown",
                "The connection to PostgreSQL was lost while committing; the change may or may not have been made. "
                    + "Read the state again, or repeat the request with its idempotency key.",
                failure
            );
        if (verdict == RetryVerdict.Final)
            ExceptionDispatchInfo.Throw(failure);
        throw new GamekeeperException(
            "transactions.unavailable",
            $"PostgreSQL did not complete the change after {attempt} attempts in {elapsed.TotalSeconds:0.0} s; nothing was changed. Try again later.",
            failure
        );
    }

    // Full jitter, doubling to at most a second, so that those who failed together do not come back together.
    private static TimeSpan Jitter(int attempt, int baseMs) =>
        TimeSpan.FromMilliseconds(Random.Shared.Next(1, Math.Min(1000, baseMs << Math.Min(attempt, 6)) + 1));

    [LoggerMessage(111, LogLevel.Information, "Read attempt {Attempt} lost its connection and runs again: {Reason}")]
    private static partial void LogReadAgain(ILogger logger, int attempt, string reason);

    [LoggerMessage(110, LogLevel.Information, "Write attempt {Attempt} failed and runs again: {Reason}")]
    private static partial void LogRunAgain(ILogger logger, int attempt, string reason);
}
