using System.ComponentModel.DataAnnotations;
using Gamekeeper.Friends;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Friends;

/// <summary>Friends of any game that has them.</summary>
internal static class FriendEndpoints
{
    /// <summary>Maps them below a game.</summary>
    /// <param name="game">The game's group.</param>
    /// <param name="of">Ends the operations' names of a second game, such as <c>OfTowerDefense</c>; empty for the first.</param>
    /// <returns>The group, for a filter that sees to it that the other player is known to the game.</returns>
    public static RouteGroupBuilder Map<TModule>(RouteGroupBuilder game, string of = "")
        where TModule : IGameModule
    {
        var friends = game.MapGroup("/friends").RequireAuthorization(Policies.Account);
        friends.MapGet("/", ListAsync<TModule>).WithName($"listFriends{of}").WithSummary("Your friends, newest first").Refuses(PagingErrors.All);
        friends.MapGet("/incoming", IncomingAsync<TModule>).WithName($"listIncomingFriendRequests{of}").WithSummary("Who asks you, newest first").Refuses(PagingErrors.All);
        friends.MapGet("/outgoing", OutgoingAsync<TModule>).WithName($"listOutgoingFriendRequests{of}").WithSummary("Whom you ask, newest first").Refuses(PagingErrors.All);
        friends.MapGet("/blocked", BlockedAsync<TModule>).WithName($"listBlockedPlayers{of}").WithSummary("Whom you have blocked, newest first").Refuses(PagingErrors.All);
        friends.MapGet("/{id}", StandingAsync<TModule>).WithName($"getFriendStanding{of}").WithSummary("How you stand with a player");
        friends
            .MapPost("/{id}", RequestAsync<TModule>)
            .WithName($"requestFriend{of}")
            .WithSummary("Ask a player to be your friend; one who has asked you is accepted by it")
            .Refuses(
                FriendProblems.UnknownPlayer,
                FriendProblems.PlayerFrozen,
                FriendProblems.AskedTooSoon,
                FriendProblems.BlockedByYou,
                FriendProblems.TooManyFriends,
                FriendProblems.TooManyRequests
            );
        friends
            .MapPost("/{id}/accept", AcceptAsync<TModule>)
            .WithName($"acceptFriend{of}")
            .WithSummary("Say yes to who asks")
            .Refuses(FriendProblems.NoRequest, FriendProblems.UnknownPlayer, FriendProblems.PlayerFrozen, FriendProblems.TooManyFriends);
        friends
            .MapPost("/{id}/decline", DeclineAsync<TModule>)
            .WithName($"declineFriend{of}")
            .WithSummary("Say no to who asks; they are not told, and may ask again in a week")
            .Refuses(FriendProblems.NoRequest);
        friends
            .MapDelete("/{id}", RemoveAsync<TModule>)
            .WithName($"removeFriend{of}")
            .WithSummary("End a friendship for both, or take your request back");
        friends
            .MapPost("/{id}/block", BlockAsync<TModule>)
            .WithName($"blockPlayer{of}")
            .WithSummary("End whatever there was; their requests come to nothing, and they are not told")
            .Refuses(FriendProblems.UnknownPlayer, FriendProblems.TooManyBlocked);
        friends.MapDelete("/{id}/block", UnblockAsync<TModule>).WithName($"unblockPlayer{of}").WithSummary("Take your block back");
        return friends;
    }

    private static async Task<Results<Ok<PageResponse<FriendResponse>>, Refusal>> ListAsync<TModule>(
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        Caller caller,
        Friends<TModule> friends,
        CancellationToken cancellationToken
    )
        where TModule : IGameModule =>
        Paged.Answer(await friends.ListAsync(caller.Actor, Paged.Asked(limit, cursor), cancellationToken), FriendResponse.Of);

    private static async Task<Results<Ok<PageResponse<FriendResponse>>, Refusal>> IncomingAsync<TModule>(
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        Caller caller,
        Friends<TModule> friends,
        CancellationToken cancellationToken
    )
        where TModule : IGameModule =>
        Paged.Answer(await friends.IncomingAsync(caller.Actor, Paged.Asked(limit, cursor), cancellationToken), FriendResponse.Of);

    private static async Task<Results<Ok<PageResponse<FriendResponse>>, Refusal>> OutgoingAsync<TModule>(
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        Caller caller,
        Friends<TModule> friends,
        CancellationToken cancellationToken
    )
        where TModule : IGameModule =>
        Paged.Answer(await friends.OutgoingAsync(caller.Actor, Paged.Asked(limit, cursor), cancellationToken), FriendResponse.Of);

    private static async Task<Results<Ok<PageResponse<FriendResponse>>, Refusal>> BlockedAsync<TModule>(
        [Range(1, Paged.MaxLimit)] int? limit,
        [StringLength(Paged.MaxCursor)] string? cursor,
        Caller caller,
        Friends<TModule> friends,
        CancellationToken cancellationToken
    )
        where TModule : IGameModule =>
        Paged.Answer(await friends.BlockedAsync(caller.Actor, Paged.Asked(limit, cursor), cancellationToken), FriendResponse.Of);

    private static async Task<Ok<FriendStandingResponse>> StandingAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule =>
        TypedResults.Ok(FriendStandingResponse.Of(id, await friends.StandingAsync(caller.Actor, id, cancellationToken)));

    private static async Task<Results<Ok<FriendStandingResponse>, Refusal>> RequestAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule => Answer(id, await friends.RequestAsync(caller.Actor, id, cancellationToken));

    private static async Task<Results<Ok<FriendStandingResponse>, Refusal>> AcceptAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule => Answer(id, await friends.AcceptAsync(caller.Actor, id, cancellationToken));

    private static async Task<Results<Ok<FriendStandingResponse>, Refusal>> DeclineAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule => Answer(id, await friends.DeclineAsync(caller.Actor, id, cancellationToken));

    private static async Task<Results<Ok<FriendStandingResponse>, Refusal>> RemoveAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule => Answer(id, await friends.RemoveAsync(caller.Actor, id, cancellationToken));

    private static async Task<Results<Ok<FriendStandingResponse>, Refusal>> BlockAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule => Answer(id, await friends.BlockAsync(caller.Actor, id, cancellationToken));

    private static async Task<Results<Ok<FriendStandingResponse>, Refusal>> UnblockAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule => Answer(id, await friends.UnblockAsync(caller.Actor, id, cancellationToken));

    private static Results<Ok<FriendStandingResponse>, Refusal> Answer(Guid player, FriendOutcome outcome) =>
        outcome is FriendOutcome.Done done ? TypedResults.Ok(FriendStandingResponse.Of(player, done.Standing)) : FriendProblems.Of(outcome);
}
