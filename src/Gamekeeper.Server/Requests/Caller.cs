using Gamekeeper.Server.Authentication;
using Gamekeeper.Transactions;

namespace Gamekeeper.Server.Requests;

/// <summary>Who calls, from where, in which request: what every handler hands to the data layer.</summary>
/// <param name="Actor">The party, with address, agent and request id.</param>
/// <param name="Identity">What it proved; null for an open operation called without a credential.</param>
internal sealed record Caller(Actor Actor, CallerIdentity? Identity)
{
    private const int MaxAgent = 512;

    /// <summary>The account or service key; only for operations that demand a credential.</summary>
    public Guid Id => Identity?.Id ?? throw new InvalidOperationException("This operation is open: its caller has no id.");

    /// <summary>The login session; only for operations that demand an account.</summary>
    public Guid Session => Identity?.Session ?? throw new InvalidOperationException("Only accounts have login sessions.");

    public static ValueTask<Caller?> BindAsync(HttpContext context)
    {
        var identity = CallerIdentity.Of(context.User);
        var agent = context.Request.Headers.UserAgent.ToString();
        var actor = new Actor(identity?.Kind ?? ActorKind.Player, identity?.Id, context.RequestId())
        {
            IpAddress = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
                ? mapped.MapToIPv4()
                : context.Connection.RemoteIpAddress,
            UserAgent = agent.Length == 0 ? null : Cut(agent),
        };
        return ValueTask.FromResult<Caller?>(new(actor, identity));
    }

    // Never between the two halves of a surrogate pair: the rest would be no text.
    private static string Cut(string agent) =>
        agent.Length <= MaxAgent ? agent
        : char.IsHighSurrogate(agent[MaxAgent - 1]) ? agent[..(MaxAgent - 1)]
        : agent[..MaxAgent];
}
