using System.ComponentModel.DataAnnotations;
using Gamekeeper.Friends;
using Gamekeeper.Paging;
using Gamekeeper.Server.Authentication;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Gamekeeper.Server.Requests;
using Gamekeeper.Transactions;
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
        List("/", (f, actor, page, ct) => f.ListAsync(actor, page, ct)).WithName($"listFriends{of}").WithSummary("Your friends, newest first");
        List("/incoming", (f, actor, page, ct) => f.IncomingAsync(actor, page, ct)).WithName($"listIncomingFriendRequests{of}").WithSummary("Who asks you, newest first");
        List("/outgoing", (f, actor, page, ct) => f.OutgoingAsync(actor, page, ct)).WithName($"listOutgoingFriendRequests{of}").WithSummary("Whom you ask, newest first");
        List("/blocked", (f, actor, page, ct) => f.BlockedAsync(actor, page, ct)).WithName($"listBlockedPlayers{of}").WithSummary("Whom you have blocked, newest first");
        friends.MapGet("/{id}", StandingAsync<TModule>).WithName($"getFriendStanding{of}").WithSummary("How you stand with a player");
        Verb(HttpMethods.Post, "/{id}", (f, actor, player, ct) => f.RequestAsync(actor, player, ct))
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
        Verb(HttpMethods.Post, "/{id}/accept", (f, actor, player, ct) => f.AcceptAsync(actor, player, ct))
            .WithName($"acceptFriend{of}")
            .WithSummary("Say yes to who asks")
            .Refuses(FriendProblems.NoRequest, FriendProblems.UnknownPlayer, FriendProblems.PlayerFrozen, FriendProblems.TooManyFriends);
        Verb(HttpMethods.Post, "/{id}/decline", (f, actor, player, ct) => f.DeclineAsync(actor, player, ct))
            .WithName($"declineFriend{of}")
            .WithSummary("Say no to who asks; they are not told, and may ask again in a week")
            .Refuses(FriendProblems.NoRequest);
        Verb(HttpMethods.Delete, "/{id}", (f, actor, player, ct) => f.RemoveAsync(actor, player, ct))
            .WithName($"removeFriend{of}")
            .WithSummary("End a friendship for both, or take your request back");
        Verb(HttpMethods.Post, "/{id}/block", (f, actor, player, ct) => f.BlockAsync(actor, player, ct))
            .WithName($"blockPlayer{of}")
            .WithSummary("End whatever there was; their requests come to nothing, and they are not told")
            .Refuses(FriendProblems.UnknownPlayer, FriendProblems.TooManyBlocked);
        Verb(HttpMethods.Delete, "/{id}/block", (f, actor, player, ct) => f.UnblockAsync(actor, player, ct))
            .WithName($"unblockPlayer{of}")
            .WithSummary("Take your block back");
        return friends;

        RouteHandlerBuilder List(string path, Func<Friends<TModule>, Actor, PageRequest, CancellationToken, Task<PageOutcome<Friend>>> read) =>
            friends
                .MapGet(
                    path,
                    async (
                        [Range(1, Paged.MaxLimit)] int? limit,
                        [StringLength(Paged.MaxCursor)] string? cursor,
                        Caller caller,
                        Friends<TModule> service,
                        CancellationToken cancellationToken
                    ) => Paged.Answer(await read(service, caller.Actor, Paged.Asked(limit, cursor), cancellationToken), FriendResponse.Of)
                )
                .Refuses(PagingErrors.All);

        RouteHandlerBuilder Verb(string method, string path, Func<Friends<TModule>, Actor, Guid, CancellationToken, Task<FriendOutcome>> run) =>
            friends.MapMethods(
                path,
                [method],
                async (Guid id, Caller caller, Friends<TModule> service, CancellationToken cancellationToken) =>
                    Answer(id, await run(service, caller.Actor, id, cancellationToken))
            );
    }

    private static async Task<Ok<FriendStandingResponse>> StandingAsync<TModule>(Guid id, Caller caller, Friends<TModule> friends, CancellationToken cancellationToken)
        where TModule : IGameModule =>
        TypedResults.Ok(FriendStandingResponse.Of(id, await friends.StandingAsync(caller.Actor, id, cancellationToken)));

    private static Results<Ok<FriendStandingResponse>, Refusal> Answer(Guid player, FriendOutcome outcome) =>
        outcome is FriendOutcome.Done done ? TypedResults.Ok(FriendStandingResponse.Of(player, done.Standing)) : FriendProblems.Of(outcome);
}
