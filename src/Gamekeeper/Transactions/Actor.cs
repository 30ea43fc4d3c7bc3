using System.Net;

namespace Gamekeeper.Transactions;

/// <summary>What kind of party acts; stored with every audited change.</summary>
public enum ActorKind
{
    /// <summary>Gamekeeper itself: a job, a migration, a seed.</summary>
    System,

    /// <summary>A player's account.</summary>
    Player,

    /// <summary>A game server, through a service key.</summary>
    Service,

    /// <summary>A person with the operator role.</summary>
    Operator,
}

/// <summary>Who does something, from where, in which request. Handed to every transaction and set there transaction-locally.</summary>
/// <param name="Kind">Decides what row security and guards allow.</param>
/// <param name="Id">The account or service key; null for <see cref="ActorKind.System"/> only.</param>
/// <param name="RequestId">Ties every row of one request together.</param>
public sealed record Actor(ActorKind Kind, Guid? Id, Guid RequestId)
{
    /// <summary>The caller's address as the server saw it; null outside a request.</summary>
    public IPAddress? IpAddress { get; init; }

    /// <summary>The caller's own description of itself, cut at 512 characters; null outside a request.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Gamekeeper itself, in a request of its own.</summary>
    public static Actor System(TimeProvider clock) => new(ActorKind.System, null, Guid.CreateVersion7(clock.GetUtcNow()));

    /// <summary>A player outside a web request, as in tests and tools.</summary>
    public static Actor Player(Guid account, TimeProvider clock) =>
        new(ActorKind.Player, account, Guid.CreateVersion7(clock.GetUtcNow()));

    /// <summary>Gamekeeper itself on behalf of this request: sign-up and sign-in, where nobody is somebody yet.</summary>
    public Actor AsSystem() => this with { Kind = ActorKind.System, Id = null };

    /// <summary>The id under which idempotency keys are kept; the system has its own, all zero.</summary>
    public Guid Key => Id ?? Guid.Empty;

    /// <summary>May act on things that are not its own.</summary>
    public bool IsTrusted => Kind is not ActorKind.Player;
}
