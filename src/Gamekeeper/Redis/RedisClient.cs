using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Redis;

/// <summary>
/// The way to Redis, one for each process: a connection for commands, shared by all callers, and one for subscriptions. It is made in the
/// background and made anew whenever it is lost; until it is there, and while it is gone, a command fails at once, since a cache that
/// makes its callers wait is worse than none. Thread-safe.
/// </summary>
internal sealed class RedisClient : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RedisLink _commands;
    private readonly RedisLink _messages;
    private readonly RedisSubscriptions _subscriptions;

    /// <exception cref="FormatException">The connection string is missing or of no known form.</exception>
    public RedisClient(RedisOptions options, TimeProvider clock, ILogger<RedisClient> logger)
    {
        var address = RedisAddressText.Parse(options.ConnectionString ?? "");
        (_clock, _logger) = (clock, logger);
        _subscriptions = new RedisSubscriptions(logger);
        _commands = new RedisLink(RedisPurpose.Commands, address, options, clock, logger) { Verify = VerifyAsync, Lost = RaiseLost };
        _messages = new RedisLink(RedisPurpose.Subscriptions, address, options, clock, logger)
        {
            Verify = VerifyAsync,
            Ready = _subscriptions.Resume,
            Push = _subscriptions.Take,
            Lost = () =>
            {
                _subscriptions.Interrupt();
                RaiseLost();
            },
        };
    }

    /// <summary>Where the connection for commands stands.</summary>
    public RedisState State => _commands.State;

    /// <summary>The run id of the server behind the connection for commands; null while there is none.</summary>
    public string? RunId => _commands.Identity?.RunId;

    /// <summary>
    /// Asked about the server behind each new connection, of both kinds, before anything of a caller may use it. When it throws, that
    /// connection is closed and another one tried after a pause. Set before the first use.
    /// </summary>
    public Func<RedisIdentity, CancellationToken, Task>? Verifying { get; set; }

    /// <summary>
    /// A connection that was ready, of either kind, is gone: raised once for each, before any of its callers learns of it, and by the
    /// thread that noticed, so a handler must neither wait nor throw.
    /// </summary>
    [SuppressMessage("Design", "MA0046", Justification = "There is nothing to say but that it happened; a sender and empty arguments would be noise.")]
    public event Action? Lost;

    /// <summary>Begins to connect, in the background; any other member does so, too.</summary>
    public void Start() => _commands.Start();

    /// <summary>Completes once commands are taken: at once when they are.</summary>
    /// <exception cref="RedisException"><see cref="RedisFailure.Unreachable"/>: closed for good.</exception>
    public Task ReadyAsync(CancellationToken cancellationToken = default) => _commands.ReadyAsync(cancellationToken);

    /// <summary>Sends a command behind those of all other callers and returns its answer.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="cancellationToken">Lets the caller go. What has been handed over may still run.</param>
    /// <exception cref="RedisException">See <see cref="RedisFailure"/>; <see cref="RedisException.MayHaveRun"/> says whether it is safe to say "it did not happen".</exception>
    public ValueTask<RedisReply> SendAsync(RedisCommand command, CancellationToken cancellationToken = default) =>
        TryConnectionFor(command, out var connection) ? connection.SendAsync(command, cancellationToken) : ValueTask.FromException<RedisReply>(_commands.Absent());

    /// <summary>
    /// Sends several commands at once, in order and with nobody else's in between on this connection (which makes them no transaction). The server's
    /// refusal of one is its answer, see <see cref="RedisReply.Error"/>; every other failure fails all.
    /// </summary>
    /// <inheritdoc cref="SendAsync(RedisCommand, CancellationToken)" path="/exception" />
    public ValueTask<RedisReply[]> SendAllAsync(ReadOnlySpan<RedisCommand> commands, CancellationToken cancellationToken = default) =>
        commands.IsEmpty ? ValueTask.FromResult<RedisReply[]>([])
        : TryConnectionFor(commands[0], out var connection) ? connection.SendAllAsync(commands, cancellationToken)
        : ValueTask.FromException<RedisReply[]>(_commands.Absent());

    /// <summary>
    /// Runs a script: by its hash, and whole where the server does not know it (any more). Not knowing it, the server has run nothing, so
    /// the second call is safe; it stands behind whatever others have sent meanwhile.
    /// </summary>
    /// <inheritdoc cref="SendAsync(RedisCommand, CancellationToken)" path="/exception" />
    public ValueTask<RedisReply> EvalAsync(
        RedisScript script,
        ReadOnlySpan<RedisArgument> keys,
        ReadOnlySpan<RedisArgument> arguments,
        CancellationToken cancellationToken = default
    ) => EvalAsync(script.ByHash(keys, arguments), script, cancellationToken);

    /// <summary>
    /// Listens to a channel, over losses and restarts, until what is returned is disposed; completes once the server has confirmed it for
    /// the first time. <see cref="Subscribe"/> does not wait for that.
    /// </summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="onMessage">Each message, in order; the bytes may be kept.</param>
    /// <param name="onEstablished">From now on nothing is missed. Told again after each loss, before any message.</param>
    /// <param name="onLost">From now on messages are missed.</param>
    /// <param name="cancellationToken">Ends the wait and the subscription.</param>
    /// <remarks>All three are called by the thread that reads, under a lock: they must not wait.</remarks>
    /// <exception cref="RedisException">
    /// <see cref="RedisFailure.Refused"/>: the server does not allow it; the subscription is given up.
    /// </exception>
    public async Task<RedisSubscription> SubscribeAsync(
        string channel,
        Action<ReadOnlyMemory<byte>> onMessage,
        Action? onEstablished = null,
        Action? onLost = null,
        CancellationToken cancellationToken = default
    )
    {
        var subscription = Subscribe(channel, onMessage, onEstablished, onLost);
        try
        {
            await subscription.Established.WaitAsync(cancellationToken);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <see cref="SubscribeAsync"/>, without waiting for a server to confirm it.</summary>
    public RedisSubscription Subscribe(string channel, Action<ReadOnlyMemory<byte>> onMessage, Action? onEstablished = null, Action? onLost = null)
    {
        _messages.Start();
        return _subscriptions.Add(channel, onMessage, onEstablished ?? (static () => { }), onLost ?? (static () => { }));
    }

    /// <summary>How long a round trip takes: the longer one of both connections, where something is subscribed to.</summary>
    /// <inheritdoc cref="SendAsync(RedisCommand, CancellationToken)" path="/exception" />
    public async ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        var started = _clock.GetTimestamp();
        var ping = new RedisCommand("PING");
        var first = SendAsync(ping, cancellationToken);
        if (_messages.IsStarted)
            await (_messages.Connection ?? throw _messages.Absent()).SendAsync(ping, cancellationToken);
        await first;
        return _clock.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        await _commands.DisposeAsync();
        await _messages.DisposeAsync();
    }

    // The one place that decides which server a command goes to. With several, the slot of its key would.
    private bool TryConnectionFor(in RedisCommand command, [NotNullWhen(true)] out RedisConnection? connection)
    {
        _ = command;
        connection = _commands.Connection;
        if (connection is not null)
            return true;
        _commands.Start();
        return false;
    }

    private async ValueTask<RedisReply> EvalAsync(RedisCommand byHash, RedisScript script, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(byHash, cancellationToken);
        }
        catch (RedisException refusal) when (refusal.Code == "NOSCRIPT")
        {
            return await SendAsync(script.InFull(byHash), cancellationToken);
        }
    }

    private Task VerifyAsync(RedisIdentity identity, CancellationToken cancellationToken) => Verifying?.Invoke(identity, cancellationToken) ?? Task.CompletedTask;

    private void RaiseLost()
    {
        try
        {
            Lost?.Invoke();
        }
        catch (Exception failure)
        {
            // A handler's mistake must not keep the next connection from being made.
            RedisLog.HandlerFailed(_logger, failure);
        }
    }
}
