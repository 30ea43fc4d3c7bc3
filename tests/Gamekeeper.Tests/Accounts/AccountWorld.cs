using System.Net;
using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Accounts;

/// <summary>A database with the verbs around accounts at hand, and a clock that moves when told.</summary>
internal sealed class AccountWorld : IAsyncDisposable
{
    public const string Password = "correct horse 7";

    private AccountWorld(TestDatabase db, ManualClock clock) => (Db, Clock) = (db, clock);

    public TestDatabase Db { get; }

    public ManualClock Clock { get; }

    /// <summary>A caller nobody knows yet, with an address and an agent.</summary>
    public Actor Stranger =>
        Actor.System(Clock) with { IpAddress = IPAddress.Parse("203.0.113.77"), UserAgent = "Mozilla/5.0 (unique-agent-string)" };

    public Actor Operator => new(ActorKind.Operator, Guid.CreateVersion7(Clock.GetUtcNow()), Guid.CreateVersion7(Clock.GetUtcNow()));

    public LoginSessions Sessions => Db.Get<LoginSessions>();

    public static async Task<AccountWorld> CreateAsync(TestDatabaseOptions? options = null)
    {
        // Starts at the real time: what the database stamps and what the clock says must not lie years apart.
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        return new AccountWorld(await TestDatabase.CreateAsync(options, clock), clock);
    }

    public async Task<Account> PersonAsync(string username, string? email = null, string password = Password)
    {
        var outcome = await Db.Get<SignUp>().RunAsync(new(username, email, password, null), Stranger);
        return outcome.ShouldBeOfType<SignUpOutcome.Created>().Account;
    }

    public async Task<IssuedSession> SignInAsync(string login, string password = Password) =>
        (await Sessions.SignInAsync(login, password, Stranger)).ShouldBeOfType<SignInOutcome.SignedIn>().Session;

    public async Task<Account> ReloadAsync(Guid account) =>
        (await Db.Get<AccountRepository>().FindAsync(account, Actor.System(Clock)))!;

    public Task<long> CountAsync(string sql) => Db.ScalarAsync<long>(TestRole.Superuser, sql);

    public async Task<IReadOnlyList<string>> ActivityAsync(string action) =>
        await Db.ListAsync<string>(
            TestRole.Superuser,
            $"select coalesce(error_code, 'ok') from core.activity_log where action = '{action}' order by id"
        );

    public ValueTask DisposeAsync() => Db.DisposeAsync();
}
