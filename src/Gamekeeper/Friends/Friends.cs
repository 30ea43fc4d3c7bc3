using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Outbox;
using Gamekeeper.Paging;
using Gamekeeper.Transactions;

namespace Gamekeeper.Friends;

/// <summary>
/// Friends in one game: asking, answering, ending, blocking, and lists. A game has it by including the template <c>friends.v1</c> in a
/// migration and by <c>module.Friends&lt;TGame&gt;()</c>. Every verb is safe to repeat: it brings about a state and says how the two stand
/// then. Limits stand in <see cref="FriendLimits"/>. The verbs of one player follow one another; each costs two round trips.
/// </summary>
public sealed class Friends<TModule>(GameDatabase database, CursorKey cursors, TimeProvider clock)
    where TModule : ISchemaOwner
{
    /// <summary>Asks a player; one who has asked already is accepted by it. Whoever was declined waits a week before asking again.</summary>
    public Task<FriendOutcome> RequestAsync(Actor actor, Guid player, CancellationToken cancellationToken = default) =>
        RunAsync(actor, player, "friend.request", r => r.Ask(), Must.BeFree, cancellationToken);

    /// <summary>Says yes to who asked.</summary>
    public Task<FriendOutcome> AcceptAsync(Actor actor, Guid player, CancellationToken cancellationToken = default) =>
        RunAsync(actor, player, "friend.accept", r => r.Accept(), Must.BeFree, cancellationToken);

    /// <summary>Says no to who asked, who is not told; the request is gone from both lists.</summary>
    public Task<FriendOutcome> DeclineAsync(Actor actor, Guid player, CancellationToken cancellationToken = default) =>
        RunAsync(actor, player, "friend.decline", r => r.Decline(), Must.Nothing, cancellationToken);

    /// <summary>Ends a friendship for both, or takes back the own request.</summary>
    public Task<FriendOutcome> RemoveAsync(Actor actor, Guid player, CancellationToken cancellationToken = default) =>
        RunAsync(actor, player, "friend.remove", r => r.Remove(), Must.Nothing, cancellationToken);

    /// <summary>
    /// Ends whatever there was, and lets that player's requests come to nothing without telling: they are answered, and listed there, as if
    /// they waited.
    /// </summary>
    public Task<FriendOutcome> BlockAsync(Actor actor, Guid player, CancellationToken cancellationToken = default) =>
        RunAsync(actor, player, "friend.block", r => r.Block(), Must.BeThere, cancellationToken);

    /// <summary>Takes the own block back. A request that was made behind it arrives.</summary>
    public Task<FriendOutcome> UnblockAsync(Actor actor, Guid player, CancellationToken cancellationToken = default) =>
        RunAsync(actor, player, "friend.unblock", r => r.Unblock(), Must.Nothing, cancellationToken);

    /// <summary>How the actor stands with a player, as the actor may know it.</summary>
    public async Task<FriendStanding> StandingAsync(Actor actor, Guid player, CancellationToken cancellationToken = default) =>
        (await database.FirstAsync(new FindPair<TModule>(actor.Key, player), ReadConsistency.Strong, actor, cancellationToken))?.SeenBy(actor.Key)
        ?? FriendStanding.None;

    /// <summary>Whether two are friends; for the game itself, not for what one player may ask about others.</summary>
    public async Task<bool> AreFriendsAsync(Guid one, Guid other, CancellationToken cancellationToken = default) =>
        await database.FirstAsync(new FindPair<TModule>(one, other), ReadConsistency.Strong, Actor.System(clock), cancellationToken)
            is { Status: FriendPair.Accepted };

    /// <summary>The ids of a player's friends, at most 500, in no order; for the game itself, such as a leaderboard among friends.</summary>
    public Task<IReadOnlyList<Guid>> IdsAsync(Guid player, CancellationToken cancellationToken = default) =>
        database.ListAsync(new FriendIds<TModule>(player), ReadConsistency.Strong, Actor.System(clock), cancellationToken);

    /// <summary>The actor's friends, newest first.</summary>
    public Task<PageOutcome<Friend>> ListAsync(Actor actor, PageRequest page, CancellationToken cancellationToken = default) =>
        PageAsync("friends", actor, page, place => new ListFriends<TModule>(place, FriendPair.Accepted), cancellationToken);

    /// <summary>Who asks the actor, newest first.</summary>
    public Task<PageOutcome<Friend>> IncomingAsync(Actor actor, PageRequest page, CancellationToken cancellationToken = default) =>
        PageAsync("friends.incoming", actor, page, place => new ListFriends<TModule>(place, FriendPair.Pending, HasAsked: false), cancellationToken);

    /// <summary>Whom the actor asks, newest first.</summary>
    public Task<PageOutcome<Friend>> OutgoingAsync(Actor actor, PageRequest page, CancellationToken cancellationToken = default) =>
        PageAsync("friends.outgoing", actor, page, place => new ListFriends<TModule>(place, FriendPair.Pending, HasAsked: true), cancellationToken);

    /// <summary>Whom the actor has blocked, newest first.</summary>
    public Task<PageOutcome<Friend>> BlockedAsync(Actor actor, PageRequest page, CancellationToken cancellationToken = default) =>
        PageAsync("friends.blocked", actor, page, place => new ListBlocked<TModule>(place), cancellationToken);

    private async Task<FriendOutcome> RunAsync(
        Actor actor,
        Guid other,
        string verb,
        Func<FriendRules, FriendStep> decide,
        Must must,
        CancellationToken cancellationToken
    )
    {
        var me = actor.Key;
        if (other == me)
            return new FriendOutcome.Invalid([new("player", "is yourself; it takes another player")]);
        return await database.WriteAsync<FriendOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new LockTwoPlayers<TModule>(me, other));
                var names = unit.Enqueue(new FindFriendNames<TModule>([me, other]));
                var mine = unit.Enqueue(new CountFriends<TModule>(me));
                var theirs = unit.Enqueue(new CountFriends<TModule>(other));
                var now = unit.Enqueue(new ReadTime());
                var pair = await unit.FirstAsync(new FindPair<TModule>(me, other), ct);
                var rules = new FriendRules(pair, me, other, now.Rows[0], mine.Rows[0], theirs.Rows[0], Guid.CreateVersion7(clock.GetUtcNow()));
                var step = Missing(must, me, other, names.Rows) is { } missing ? new FriendStep(missing) : decide(rules);
                if (Code(step.Outcome) is { } code)
                    return unit.RefuseRecorded<TModule, FriendOutcome>(step.Outcome, new Activity(verb, other.ToString(), code));
                if (step.Save is not { } save)
                    return unit.Refuse(step.Outcome);
                if (save.IsEmpty)
                    unit.Enqueue(new RemovePair<TModule>(save.Id));
                else
                    unit.Enqueue(new SavePair<TModule>(save));
                if (step.Event is { } topic)
                    unit.Enqueue(new WriteOutbox<TModule>([Told(topic, save, now.Rows[0])]));
                unit.Enqueue(new WriteActivity<TModule>(actor, new Activity(verb, other.ToString())));
                return step.Outcome;
            },
            cancellationToken
        );
    }

    private static OutboxEvent Told(string topic, FriendPair pair, DateTimeOffset now)
    {
        var version = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return new(topic, pair.Id.ToString(), version, JsonSerializer.Serialize(new { players = new[] { pair.Requester, pair.Addressee } }));
    }

    private static FriendOutcome? Missing(Must must, Guid me, Guid other, IReadOnlyList<(Guid Id, bool IsActive, bool IsFrozen)> names)
    {
        if (must == Must.Nothing)
            return null;
        foreach (var player in new[] { me, other })
        {
            var found = names.FirstOrDefault(n => n.Id == player);
            if (!found.IsActive)
                return new FriendOutcome.UnknownPlayer(player);
            if (must == Must.BeFree && found.IsFrozen)
                return new FriendOutcome.PlayerFrozen(player);
        }
        return null;
    }

    private static string? Code(FriendOutcome outcome) =>
        outcome switch
        {
            FriendOutcome.Done => null,
            FriendOutcome.UnknownPlayer => FriendErrors.UnknownPlayer,
            FriendOutcome.PlayerFrozen => FriendErrors.PlayerFrozen,
            FriendOutcome.NoRequest => FriendErrors.NoRequest,
            FriendOutcome.AskedTooSoon => FriendErrors.AskedTooSoon,
            FriendOutcome.BlockedByYou => FriendErrors.BlockedByYou,
            FriendOutcome.TooManyFriends => FriendErrors.TooManyFriends,
            FriendOutcome.TooManyRequests => FriendErrors.TooManyRequests,
            FriendOutcome.TooManyBlocked => FriendErrors.TooManyBlocked,
            _ => throw new System.Diagnostics.UnreachableException($"{outcome.GetType().Name} is no refusal of a state."),
        };

    private async Task<PageOutcome<Friend>> PageAsync<TQuery>(
        string list,
        Actor actor,
        PageRequest page,
        Func<FriendListPlace, TQuery> query,
        CancellationToken cancellationToken
    )
        where TQuery : IQuery<TQuery, ListedFriend>
    {
        var asked = new CursorQuestion($"{TModule.Schema}.{list}", PageOrder.Descending, "since", "id").Where("player", actor.Key);
        var start = page.Start(cursors, asked);
        if (start is CursorReading.Refused refused)
            return new PageOutcome<Friend>.Refused(refused.Refusal);
        var after = (start as CursorReading.Valid)?.Values;
        var place = new FriendListPlace(actor.Key, after?[0].Instant, after?[1].Guid, page.Size.RowsToRead);
        var rows = await database.ListAsync(query(place), ReadConsistency.Strong, actor, cancellationToken);
        var given = Page.From(rows, page.Size, f => Cursor.Write(cursors, asked, f.Friend.Since, f.PairId));
        return new PageOutcome<Friend>.Given(given.Map(f => f.Friend));
    }

    private enum Must
    {
        Nothing,
        BeThere,
        BeFree,
    }
}
