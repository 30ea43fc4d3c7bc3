using Microsoft.Extensions.Logging;

namespace Gamekeeper.Redis;

/// <summary>
/// Keeps one connection to one server: makes it, has it verified, offers it, and makes the next one when it is lost.
/// <code>
///   Connecting ──▶ handshake ──▶ verified ──▶ Ready ──▶ lost ──▶ pause ──▶ Connecting
///        ▲             └── refused ──▶ Refused ──▶ longest pause ──┘
/// </code>
/// Whoever is told of a change is told in the order of the changes, under one lock, before any caller sees its consequence.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private readonly RedisPurpose _purpose;
    private readonly RedisAddress _address;
    private readonly RedisOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _telling = new();
    private TaskCompletionSource _isReady = NewSignal();
    private Task? _running;
    private string? _said;

    public RedisLink(RedisPurpose purpose, RedisAddress address, RedisOptions options, TimeProvider clock, ILogger logger) =>
        (_purpose, _address, _options, _clock, _logger) = (purpose, address, options, clock, logger);

    /// <summary>Asked about each new connection before anybody may use it.</summary>
    public required Func<RedisIdentity, CancellationToken, Task> Verify { get; init; }

    /// <summary>A connection is there.</summary>
    public Action<RedisConnection> Ready { get; init; } = _ => { };

    /// <summary>A connection that was there is gone.</summary>
    public required Action Lost { get; init; }

    public Action<RedisConnection, RedisReply> Push { get; init; } = (_, _) => { };

    /// <summary>The connection, while there is one.</summary>
    public RedisConnection? Connection { get; private set => Volatile.Write(ref field, value); }

    public RedisIdentity? Identity { get; private set; }

    public RedisState State { get; private set; } = new RedisState.Connecting(null);

    public bool IsStarted => _running is not null;

    public void Start()
    {
        lock (_telling)
        {
            if (State is not RedisState.Closed)
                _running ??= Task.Run(RunAsync);
        }
    }

    public Task ReadyAsync(CancellationToken cancellationToken)
    {
        Start();
        lock (_telling)
            return State is RedisState.Closed ? Task.FromException(Absent()) : _isReady.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Why there is no connection.</summary>
    public RedisException Absent() =>
        new(
            RedisFailure.Unreachable,
            State switch
            {
                RedisState.Refused refused => refused.Reason,
                RedisState.Connecting { LastFailure: { } failure } => $"There is no connection to Redis at {_address}: {failure}",
                RedisState.Closed => "The way to Redis has been closed.",
                _ => $"There is no connection to Redis at {_address} yet.",
            }
        );

    public async ValueTask DisposeAsync()
    {
        lock (_telling)
        {
            if (State is RedisState.Closed)
                return;
            State = new RedisState.Closed();
            _isReady.TrySetException(Absent());
            // Nobody has to have waited.
            _ = _isReady.Task.Exception;
        }
        await _closing.CancelAsync();
        if (Connection is { } connection)
            await connection.DisposeAsync();
        if (_running is not null)
            await _running;
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = new ReconnectPause(_options.ReconnectDelayMin, _options.ReconnectDelayMax);
        while (!_closing.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                await using var connection = await ConnectAsync(_closing.Token);
                pause.Reset();
                await connection.Ended;
                wait = pause.Next();
            }
            catch (Exception failure)
            {
                // Whatever it was (no server, a wrong password, a verification that threw): the next attempt may go well.
                wait = Failed(failure) ? pause.Longest() : pause.Next();
            }
            await Task.Delay(wait, _clock, _closing.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task<RedisConnection> ConnectAsync(CancellationToken closing)
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(closing, limit.Token);
        RedisConnection? connection = null;
        try
        {
            var stream = await RedisTransport.OpenAsync(_address, _options, either.Token);
            connection = new RedisConnection(stream, _options, _clock, Push, Ended);
            var identity = await new RedisHandshake(connection, _address, _purpose, either.Token).RunAsync();
            await VerifyAsync(connection, identity, closing);
            Offer(connection, identity);
            return connection;
        }
        catch (Exception failure)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            if (failure is OperationCanceledException && limit.IsCancellationRequested && !closing.IsCancellationRequested)
                throw new RedisException(RedisFailure.Unreachable, $"Redis at {_address} took no connection within {_options.ConnectTimeout.TotalMilliseconds:0} ms.", failure);
            throw;
        }
    }

    // It may take its time, but not longer than the connection lives.
    private async Task VerifyAsync(RedisConnection connection, RedisIdentity identity, CancellationToken closing)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(closing);
        var verifying = Verify(identity, gone.Token);
        if (await Task.WhenAny(verifying, connection.Ended) != verifying)
        {
            await gone.CancelAsync();
            throw await connection.Ended;
        }
        await verifying;
    }

    private void Offer(RedisConnection connection, RedisIdentity identity)
    {
        lock (_telling)
        {
            // It may have ended while it was verified; whoever ended it found nothing here to take back.
            if (!connection.IsAlive || State is RedisState.Closed)
                throw new RedisException(RedisFailure.ConnectionLost, "The connection to Redis was lost before it could be used.");
            (Connection, Identity, State, _said) = (connection, identity, new RedisState.Ready(), null);
            RedisMetrics.Connection(_purpose, "opened");
            RedisLog.Connected(_logger, identity.Version, _address, _purpose, identity.RunId);
            Ready(connection);
            _isReady.TrySetResult();
        }
    }

    private void Ended(RedisConnection connection, RedisException reason)
    {
        lock (_telling)
        {
            if (Connection != connection)
                return;
            (Connection, Identity) = (null, null);
            if (State is not RedisState.Closed)
            {
                State = new RedisState.Connecting(reason.Message);
                _isReady = NewSignal();
                RedisMetrics.Connection(_purpose, "lost");
                RedisLog.Lost(_logger, _purpose, _address, reason.Message);
            }
            Lost();
        }
    }

    // True: an operator has to do something about it.
    private bool Failed(Exception failure)
    {
        if (_closing.IsCancellationRequested)
            return false;
        var refused = failure is RedisException { Kind: RedisFailure.Refused };
        RedisMetrics.Connection(_purpose, "failed");
        lock (_telling)
        {
            if (State is not RedisState.Closed)
                State = refused ? new RedisState.Refused(failure.Message) : new RedisState.Connecting(failure.Message);
        }
        if (_said == failure.Message)
            return refused;
        _said = failure.Message;
        if (refused)
            RedisLog.Refused(_logger, _address, failure.Message);
        else
            RedisLog.Unreachable(_logger, _address, failure.Message);
        return refused;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
