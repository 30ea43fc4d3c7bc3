using Microsoft.Extensions.Logging;

namespace Gamekeeper.Redis;

/// <summary>
/// Who listens to what, over all connections. Everything is told under one lock and in order: established, messages, lost, established …
/// so that a listener who was told "lost" hears no message of the lost connection any more.
/// </summary>
internal sealed class RedisSubscriptions(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Channel> _channels = new(StringComparer.Ordinal);
    private RedisConnection? _connection;

    public RedisSubscription Add(string channel, Action<ReadOnlyMemory<byte>> onMessage, Action onEstablished, Action onLost)
    {
        var subscription = new RedisSubscription(this, channel) { OnMessage = onMessage, OnEstablished = onEstablished, OnLost = onLost };
        lock (_gate)
        {
            if (!_channels.TryGetValue(channel, out var known))
                _channels[channel] = known = new Channel(channel);
            known.Listeners.Add(subscription);
            if (known.IsConfirmed)
                Establish(subscription);
            else if (_connection is not null && known.Listeners.Count == 1)
                Ask(known, "SUBSCRIBE");
        }
        return subscription;
    }

    public void Remove(RedisSubscription subscription)
    {
        lock (_gate)
        {
            subscription.IsEstablished = false;
            if (!_channels.TryGetValue(subscription.Channel, out var channel) || !channel.Listeners.Remove(subscription) || channel.Listeners.Count > 0)
                return;
            channel.IsConfirmed = false;
            if (_connection is null)
                _channels.Remove(channel.Name);
            else
                Ask(channel, "UNSUBSCRIBE");
        }
    }

    /// <summary>A connection is there: all channels are asked for anew.</summary>
    public void Resume(RedisConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            foreach (var channel in _channels.Values)
                Ask(channel, "SUBSCRIBE");
        }
    }

    /// <summary>The connection is gone, and with it every channel.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            _connection = null;
            foreach (var channel in _channels.Values.ToList())
            {
                (channel.IsConfirmed, channel.Asked) = (false, 0);
                foreach (var listener in channel.Listeners.Where(l => l.IsEstablished).ToList())
                {
                    listener.IsEstablished = false;
                    Tell(listener.OnLost, channel);
                }
                if (channel.Listeners.Count == 0)
                    _channels.Remove(channel.Name);
            }
        }
    }

    /// <summary>Something came beside the answers.</summary>
    public void Take(RedisConnection connection, RedisReply push)
    {
        if (push.Items is not [var kind, var name, var content] || name.Text is not { } channelName)
            return;
        lock (_gate)
        {
            if (connection != _connection || !_channels.TryGetValue(channelName, out var channel))
                return;
            var word = kind.Bytes.AsSpan();
            if (word.SequenceEqual("message"u8) && content.Bytes is { } message)
                Deliver(channel, message);
            else if (word.SequenceEqual("subscribe"u8) || word.SequenceEqual("unsubscribe"u8))
                Confirm(channel, isSubscribed: word[0] == 's');
        }
    }

    private static RedisCommand Command(string verb, Channel channel) => new(verb, channel.Name);

    // Whoever subscribes right after the last listener has left is confirmed by the second answer, not by one that is still on the way.
    private void Confirm(Channel channel, bool isSubscribed)
    {
        channel.Asked = Math.Max(0, channel.Asked - 1);
        if (channel.Asked > 0)
            return;
        if (channel.Listeners.Count == 0)
        {
            _channels.Remove(channel.Name);
            return;
        }
        channel.IsConfirmed = isSubscribed;
        foreach (var listener in channel.Listeners.Where(l => isSubscribed && !l.IsEstablished).ToList())
            Establish(listener);
    }

    private void Establish(RedisSubscription listener)
    {
        listener.IsEstablished = true;
        Tell(listener.OnEstablished, _channels[listener.Channel]);
        listener.WasEstablished();
    }

    private void Deliver(Channel channel, byte[] message)
    {
        // A listener may leave while it is told.
        foreach (var listener in channel.Listeners.ToArray())
        {
            if (listener.IsEstablished)
                Tell(() => listener.OnMessage(message), channel);
        }
    }

    private void Ask(Channel channel, string verb)
    {
        if (_connection is not { } connection)
            return;
        channel.Asked++;
        _ = HearAsync(connection, channel, connection.SendAsync(Command(verb, channel), CancellationToken.None, isConfirmedByPush: true));
    }

    // What goes well is told by the push itself. A refusal ends the listeners; a confirmation that does not come ends the connection.
    private async Task HearAsync(RedisConnection connection, Channel channel, ValueTask<RedisReply> confirmation)
    {
        try
        {
            await confirmation;
        }
        catch (RedisException refusal) when (refusal.Kind == RedisFailure.Refused)
        {
            RedisLog.ChannelRefused(logger, channel.Name, refusal.Message);
            Refuse(connection, channel, refusal);
        }
        catch (RedisException failure)
        {
            connection.End(new RedisException(RedisFailure.ConnectionLost, $"A subscription was not confirmed: {failure.Message}", failure));
        }
    }

    private void Refuse(RedisConnection connection, Channel channel, RedisException refusal)
    {
        lock (_gate)
        {
            if (connection != _connection)
                return;
            channel.Asked--;
            foreach (var listener in channel.Listeners)
                listener.WasRefused(refusal);
        }
    }

    private void Tell(Action what, Channel channel)
    {
        try
        {
            what();
        }
        catch (Exception failure)
        {
            // One listener's mistake is not the next one's.
            RedisLog.ListenerFailed(logger, channel.Name, failure);
        }
    }

    private sealed class Channel(string name)
    {
        public string Name { get; } = name;

        public List<RedisSubscription> Listeners { get; } = [];

        /// <summary>Requests whose confirmation has not come.</summary>
        public int Asked { get; set; }

        public bool IsConfirmed { get; set; }
    }
}
