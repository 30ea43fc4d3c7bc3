using System.Globalization;
using Gamekeeper.Accounts;
using Gamekeeper.Friends;
using Gamekeeper.Paging;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Friends;

/// <summary>Two players of any game that has friends; what holds among them stands in a contract for each concept.</summary>
/// <param name="players">The game's table of players.</param>
public abstract class FriendsContract<TModule>(string players) : IAsyncLifetime
    where TModule : IGameModule
{
    private int _made;

    private protected TestDatabase Db { get; private set; } = null!;

    private protected Friends<TModule> Friends { get; private set; } = null!;

    private protected Actor A { get; private set; } = null!;

    private protected Actor B { get; private set; } = null!;

    private protected string Players => players;

    private protected static FriendOutcome Asked { get; } = new FriendOutcome.Done(FriendStanding.Asked);

    private protected static FriendOutcome AreFriends { get; } = new FriendOutcome.Done(FriendStanding.Friends);

    private protected static FriendOutcome Nothing { get; } = new FriendOutcome.Done(FriendStanding.None);

    private protected static FriendOutcome Blocked { get; } = new FriendOutcome.Done(FriendStanding.Blocked);

    public async ValueTask InitializeAsync()
    {
        Db = await TestDatabase.CreateAsync();
        Friends = Db.Get<Friends<TModule>>();
        (A, B) = (await NewPlayerAsync(), await NewPlayerAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called player1, player2, and so on.</summary>
    private protected async Task<Actor> NewPlayerAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"player{++_made}");
        var account = (await Db.Get<SignUp>().RunAsync(new SignUpInput(name, null, null, null), Actor.System(Db.Clock)))
            .ShouldBeOfType<SignUpOutcome.Created>()
            .Account;
        await Db.ExecuteAsync(TestRole.Superuser, $"insert into {TModule.Schema}.{Players} (id, username) values ('{account.Id}', '{name}')");
        return Actor.Player(account.Id, Db.Clock);
    }

    private protected Task<int> SetAsync(Actor player, string what) =>
        Db.ExecuteAsync(TestRole.Superuser, $"update {TModule.Schema}.{Players} set {what} where id = '{player.Key}'");

    /// <summary>As if all of it had come about a week earlier.</summary>
    private protected Task<int> AgeAsync() =>
        Db.ExecuteAsync(TestRole.Superuser, $"update {TModule.Schema}.friendships set since = since - interval '7 days'");

    private protected static async Task<IReadOnlyList<Friend>> PageAsync(Func<Actor, PageRequest, CancellationToken, Task<PageOutcome<Friend>>> list, Actor actor) =>
        (await list(actor, new PageRequest(), TestContext.Current.CancellationToken)).ShouldBeOfType<PageOutcome<Friend>.Given>().Page.Items;

    private protected static async Task<IEnumerable<string>> NamesAsync(Func<Actor, PageRequest, CancellationToken, Task<PageOutcome<Friend>>> list, Actor actor) =>
        (await PageAsync(list, actor)).Select(f => f.Username);

    private protected Task<IReadOnlyList<string>> TopicsAsync() =>
        Db.ListAsync<string>(TestRole.Superuser, $"select topic from {TModule.Schema}.outbox where topic like 'friend.%' order by id");
}
