namespace Gamekeeper.Friends;

/// <summary>
/// What each verb makes of a pair. Whoever is blocked gets the answers of one who waits: a request is remembered behind the block and
/// shows in the own list, and an earlier refusal keeps its term, so that no answer tells of the block.
/// </summary>
internal sealed record FriendRules(FriendPair? Pair, Guid Me, Guid Other, DateTimeOffset Now, FriendCounts Mine, FriendCounts Theirs, Guid NewId)
{
    public FriendStep Ask()
    {
        switch (Pair)
        {
            case { Status: FriendPair.Accepted }:
                return Stays();
            case { Status: FriendPair.Pending }:
                return Pair.Requester == Me ? Stays() : Befriend();
            case { Status: FriendPair.Blocked } when Pair.SeenBy(Me) == FriendStanding.Blocked:
                return new(new FriendOutcome.BlockedByYou());
            case { Status: FriendPair.Blocked, Behind: FriendPair.Pending }:
                return Stays();
            case { Status: FriendPair.Declined } when Pair.Requester == Me && TooSoon(Pair.UpdatedAt) is { } wait:
                return wait;
            case { Status: FriendPair.Blocked, Behind: FriendPair.Declined } when TooSoon(Pair.BehindSince!.Value) is { } wait:
                return wait;
        }
        if (Mine.Friends >= FriendLimits.Friends)
            return new(new FriendOutcome.TooManyFriends(Me, FriendLimits.Friends));
        if (Mine.Asked >= FriendLimits.Asked)
            return new(new FriendOutcome.TooManyRequests(Me, FriendLimits.Asked));
        if (Theirs.Asking >= FriendLimits.Asking)
            return new(new FriendOutcome.TooManyRequests(Other, FriendLimits.Asking));
        return Pair is { Status: FriendPair.Blocked }
            ? Saves(Pair with { Behind = FriendPair.Pending, BehindSince = Now })
            : Saves(New(FriendPair.Pending), "friend.requested");
    }

    public FriendStep Accept() =>
        Pair is { Status: FriendPair.Accepted } ? Stays()
        : Pair?.Is(FriendPair.Pending, Other) == true ? Befriend()
        : new(new FriendOutcome.NoRequest());

    public FriendStep Decline() =>
        Pair?.Is(FriendPair.Declined, Other) == true ? Stays()
        : Pair?.Is(FriendPair.Pending, Other) == true ? Saves(Pair with { Status = FriendPair.Declined })
        : new(new FriendOutcome.NoRequest());

    public FriendStep Remove() =>
        Pair switch
        {
            { Status: FriendPair.Accepted } => Removes("friend.removed"),
            { Status: FriendPair.Pending } when Pair.Requester == Me => Removes("friend.withdrawn"),
            { Status: FriendPair.Blocked, Behind: FriendPair.Pending } when Pair.Addressee == Me => Saves(Bare(Pair)),
            _ => Stays(),
        };

    public FriendStep Block()
    {
        if (Pair?.SeenBy(Me) == FriendStanding.Blocked)
            return Stays();
        if (Mine.Blocked >= FriendLimits.Blocked)
            return new(new FriendOutcome.TooManyBlocked(FriendLimits.Blocked));
        return Pair switch
        {
            { Status: FriendPair.Blocked } => Saves(Pair with { Behind = FriendPair.Blocked, BehindSince = Now }),
            { Status: FriendPair.Pending or FriendPair.Declined } when Pair.Requester == Other => Saves(
                New(FriendPair.Blocked) with { Behind = Pair.Status, BehindSince = Pair.UpdatedAt }
            ),
            { Status: FriendPair.Accepted } => Saves(New(FriendPair.Blocked), "friend.removed"),
            _ => Saves(New(FriendPair.Blocked)),
        };
    }

    public FriendStep Unblock() =>
        Pair switch
        {
            { Status: FriendPair.Blocked } when Pair.Requester == Me => Pair.Behind is { } behind
                ? Saves(Bare(Pair) with { Requester = Other, Addressee = Me, Status = behind }, behind == FriendPair.Pending ? "friend.requested" : null)
                : Removes(null),
            { Status: FriendPair.Blocked, Behind: FriendPair.Blocked } => Saves(Bare(Pair)),
            _ => Stays(),
        };

    private FriendStep Befriend()
    {
        if (Mine.Friends >= FriendLimits.Friends)
            return new(new FriendOutcome.TooManyFriends(Me, FriendLimits.Friends));
        if (Theirs.Friends >= FriendLimits.Friends)
            return new(new FriendOutcome.TooManyFriends(Other, FriendLimits.Friends));
        return Saves(Pair! with { Status = FriendPair.Accepted }, "friend.accepted");
    }

    private FriendStep? TooSoon(DateTimeOffset declined) =>
        Now < declined + FriendLimits.AfterDecline ? new(new FriendOutcome.AskedTooSoon(declined + FriendLimits.AfterDecline)) : null;

    private FriendPair New(string status) => new(Pair?.Id ?? NewId, Me, Other, status, null, null, Now);

    private static FriendPair Bare(FriendPair pair) => pair with { Behind = null, BehindSince = null };

    private FriendStep Stays() => new(new FriendOutcome.Done(Pair?.SeenBy(Me) ?? FriendStanding.None));

    private FriendStep Saves(FriendPair pair, string? topic = null) => new(new FriendOutcome.Done(pair.SeenBy(Me)), pair, Event: topic);

    private static FriendStep Removes(string? topic) => new(new FriendOutcome.Done(FriendStanding.None), Remove: true, Event: topic);
}
