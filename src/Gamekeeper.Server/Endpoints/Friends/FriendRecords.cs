using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Friends;

namespace Gamekeeper.Server.Endpoints.Friends;

/// <summary>The other one of a pair.</summary>
internal sealed record FriendResponse(
    Guid PlayerId,
    string Username,
    string? DisplayName,
    string? AvatarUrl,
    [property: Description("Since when the two stand so.")] DateTimeOffset Since
)
{
    public static FriendResponse Of(Friend friend) => new(friend.PlayerId, friend.Username, friend.DisplayName, friend.AvatarUrl, friend.Since);
}

/// <summary>How two players stand, as the caller may know it.</summary>
internal sealed record FriendStandingResponse(
    Guid PlayerId,
    [property: AllowedValues("none", "asked", "asked-by", "friends", "blocked")]
    [property: Description("`asked`: you wait; `asked-by`: they wait; `blocked`: by you.")]
        string Standing
)
{
    public static FriendStandingResponse Of(Guid player, FriendStanding standing) =>
        new(
            player,
            standing switch
            {
                FriendStanding.Asked => "asked",
                FriendStanding.AskedBy => "asked-by",
                FriendStanding.Friends => "friends",
                FriendStanding.Blocked => "blocked",
                _ => "none",
            }
        );
}
