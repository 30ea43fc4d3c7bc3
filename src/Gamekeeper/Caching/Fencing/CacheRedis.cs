using Gamekeeper.Caching.Levels;
using Gamekeeper.Redis;

namespace Gamekeeper.Caching.Fencing;

/// <summary>What a node has of Redis, or has not: without Redis it is always in touch, since there is nobody to hear.</summary>
internal sealed class CacheRedis(RedisClient? client, FenceChannel? channel, SecondLevel? secondLevel, Patience patience)
{
    /// <summary>With its answers to reads.</summary>
    public Patience Patience => patience;

    public SecondLevel? SecondLevel => secondLevel;

    public FenceChannel? Channel => channel;

    public bool IsUsed => client is not null;

    /// <summary>The run of the server at the other end; null without Redis.</summary>
    public string? RunId => client?.RunId;

    /// <summary>True while this node could hear of other nodes' writes.</summary>
    public bool IsInTouch => client is null || (client.State is RedisState.Ready && channel!.IsHeard);

    /// <summary>Why it is not in touch; null while it is, or before the first attempt has ended.</summary>
    public string? Problem =>
        client?.State switch
        {
            RedisState.Connecting at => at.LastFailure,
            RedisState.Refused refused => refused.Reason,
            _ => null,
        };

    /// <summary>What Redis says of itself; null without Redis.</summary>
    public async Task<string?> InfoAsync(CancellationToken cancellationToken) =>
        client is null ? null : (await client.SendAsync(new RedisCommand("INFO"), cancellationToken)).Text;

    public long Adopted
    {
        set
        {
            if (channel is not null)
                channel.Adopted = value;
        }
    }

    /// <summary>Begins to connect; each server that is reached is looked at by the node before anything is read from it.</summary>
    public void Start(CacheNode node)
    {
        if (client is null)
            return;
        client.Verifying = (identity, cancellationToken) => node.VerifyRedisAsync(identity.RunId, cancellationToken);
        client.Lost += node.Wake;
        client.Start();
    }

    public void Listen(string cluster) => channel?.Listen(cluster);
}
