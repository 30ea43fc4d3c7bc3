namespace Gamekeeper.Friends;

/// <summary>
/// What each verb makes of a pair. Whoever is blocked gets the answers of one who waits: a request is made and shows in the own list, a
/// refusal keeps its term, and only the other neither sees nor hears of it, so that no answer tells of the block.
/// </summary>
internal sealed record FriendRules(FriendPair? Pair, Guid Me, Guid Other, DateTimeOffset Now, FriendCounts Mine, FriendCounts Theirs, Guid NewId)
{
    private FriendStanding Standing => Pair?.SeenBy(Me) ?? FriendStanding.None;

    /// <summary>What ends when the actor wants no more of it, as others hear of it; null for nothing.</summary>
    private string? Ending =>
        Standing switch
        {
            FriendStanding.Friends => "friend.removed",
            FriendStanding.Asked => "friend.withdrawn",
            _ => null,
        };

    public FriendStep Ask()
    {
        switch (Standing)
        {
            case FriendStanding.Asked or FriendStanding.Friends:
                return Stays();
            case FriendStanding.AskedBy:
                return Befriend();
            case FriendStanding.Blocked:
                return new(new FriendOutcome.BlockedByYou());
        }
        if (Pair?.IsDeclinedBy(Other) == true && Now < Pair.Since + FriendLimits.AfterDecline)
            return new(new FriendOutcome.AskedTooSoon(Pair.Since + FriendLimits.AfterDecline));
        if (Mine.Friends >= FriendLimits.Friends)
            return new(new FriendOutcome.TooManyFriends(Me, FriendLimits.Friends));
        if (Mine.Asked >= FriendLimits.Asked)
            return new(new FriendOutcome.TooManyRequests(Me, FriendLimits.Asked));
        if (Theirs.Asking >= FriendLimits.Asking)
            return new(new FriendOutcome.TooManyRequests(Other, FriendLimits.Asking));
        return Saves(Becomes(FriendPair.Pending), "friend.requested");
    }

    public FriendStep Accept() =>
        Standing switch
        {
            FriendStanding.Friends => Stays(),
            FriendStanding.AskedBy => Befriend(),
            _ => new(new FriendOutcome.NoRequest()),
        };

    public FriendStep Decline() =>
        Standing switch
        {
            FriendStanding.AskedBy => Saves(Pair! with { Status = FriendPair.Declined, Since = Now }),
            FriendStanding.None when Pair?.IsDeclinedBy(Me) == true => Stays(),
            _ => new(new FriendOutcome.NoRequest()),
        };

    public FriendStep Remove() => Ending is { } topic ? Saves(Becomes(FriendPair.Blocked), topic) : Stays();

    public FriendStep Block()
    {
        if (Standing == FriendStanding.Blocked)
            return Stays();
        if (Mine.Blocked >= FriendLimits.Blocked)
            return new(new FriendOutcome.TooManyBlocked(FriendLimits.Blocked));
        // A refusal stays, whoever got it: no block shortens the wait. So does the other's request, for the other.
        var kept = Ending is null && Pair is not null ? Pair : Becomes(FriendPair.Blocked);
        return Saves(kept.WithBlock(Me, Now), Ending);
    }

    public FriendStep Unblock()
    {
        if (Standing != FriendStanding.Blocked)
            return Stays();
        var left = Pair!.WithBlock(Me, null);
        return Saves(left, left.SeenBy(Me) == FriendStanding.AskedBy ? "friend.requested" : null);
    }

    private FriendStep Befriend()
    {
        if (Mine.Friends >= FriendLimits.Friends)
            return new(new FriendOutcome.TooManyFriends(Me, FriendLimits.Friends));
        if (Theirs.Friends >= FriendLimits.Friends)
            return new(new FriendOutcome.TooManyFriends(Other, FriendLimits.Friends));
        return Saves(Pair! with { Status = FriendPair.Accepted, Since = Now }, "friend.accepted");
    }

    private FriendPair Becomes(string status) =>
        Pair?.Becomes(status, Me, Now) ?? new FriendPair(NewId, Me, Other, status, Now, RequesterBlocks: null, AddresseeBlocks: null);

    private FriendStep Stays() => new(new FriendOutcome.Done(Standing));

    private FriendStep Saves(FriendPair pair, string? topic = null) =>
        new(new FriendOutcome.Done(pair.SeenBy(Me)), pair, Pair?.IsBlockedBy(Other) == true ? null : topic);
}
