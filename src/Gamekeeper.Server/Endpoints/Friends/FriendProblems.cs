using Gamekeeper.Friends;
using Gamekeeper.Server.Errors;

namespace Gamekeeper.Server.Endpoints.Friends;

/// <summary>Refusals among friends.</summary>
internal static class FriendProblems
{
    public static readonly ErrorCode UnknownPlayer = new(FriendErrors.UnknownPlayer, 422, "There is no such player.");
    public static readonly ErrorCode PlayerFrozen = new(FriendErrors.PlayerFrozen, 403, "A frozen player may neither give nor take.");
    public static readonly ErrorCode NoRequest = new(FriendErrors.NoRequest, 404, "That player has not asked, or has taken it back.");
    public static readonly ErrorCode AskedTooSoon = new(FriendErrors.AskedTooSoon, 409, "That player has declined; a week has to pass.");
    public static readonly ErrorCode BlockedByYou = new(FriendErrors.BlockedByYou, 409, "You have blocked that player; unblock first.");
    public static readonly ErrorCode TooManyFriends = new(FriendErrors.TooManyFriends, 409, "One of the two has as many friends as one can have.");
    public static readonly ErrorCode TooManyRequests = new(FriendErrors.TooManyRequests, 409, "One of the two has too many requests waiting.");
    public static readonly ErrorCode TooManyBlocked = new(FriendErrors.TooManyBlocked, 409, "You have blocked as many players as one can.");

    public static Refusal Of(FriendOutcome outcome) =>
        outcome switch
        {
            FriendOutcome.Invalid invalid => Refusals.Fields(invalid.Errors),
            FriendOutcome.UnknownPlayer unknown => new(UnknownPlayer, $"There is no player {unknown.Player:D}."),
            FriendOutcome.PlayerFrozen frozen => new(PlayerFrozen, $"Player {frozen.Player:D} may neither give nor take."),
            FriendOutcome.NoRequest => new(NoRequest, "There is nothing to answer."),
            FriendOutcome.AskedTooSoon soon => new(AskedTooSoon, $"Ask again from {soon.From:O} on."),
            FriendOutcome.BlockedByYou => new(BlockedByYou, "Take your block back before you ask."),
            FriendOutcome.TooManyFriends many => new(TooManyFriends, $"Player {many.Player:D} has {many.Limit} friends, the most there can be."),
            FriendOutcome.TooManyRequests many => new(TooManyRequests, $"Player {many.Player:D} has {many.Limit} requests waiting, the most there can be."),
            FriendOutcome.TooManyBlocked many => new(TooManyBlocked, $"At most {many.Limit} players can be blocked; unblock one first."),
            _ => throw new System.Diagnostics.UnreachableException(outcome.GetType().Name),
        };
}
