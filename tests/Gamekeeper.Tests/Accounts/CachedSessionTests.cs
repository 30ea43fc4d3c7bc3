using Gamekeeper.Accounts;
using Gamekeeper.Batching;
using Gamekeeper.Tests.Caching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Accounts;

/// <summary>Two nodes that answer from their caches whether a session may act.</summary>
public sealed class CachedSessionTests : IAsyncLifetime
{
    private static readonly TestDatabaseOptions Caching = new(Configure: CachingProcess.AddTo);

    private TestDatabase _database = null!;
    private ServiceProvider _other = null!;
    private CachingProcess _here = null!;
    private CachingProcess _there = null!;
    private Account _account = null!;
    private IssuedSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Caching);
        _other = _database.SecondProcess(Caching);
        (_here, _there) = (await CachingProcess.StartAsync(_database.Services), await CachingProcess.StartAsync(_other));
        _account = (await _database.Get<SignUp>().RunAsync(new("mira", null, "correct horse 7", null), Actor.System(TimeProvider.System)))
            .ShouldBeOfType<SignUpOutcome.Created>().Account;
        _session = (await Here.SignInAsync("mira", "correct horse 7", Actor.System(TimeProvider.System))).ShouldBeOfType<SignInOutcome.SignedIn>().Session;
        await LiveAsync(Here);
        await LiveAsync(There);
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        await _other.DisposeAsync();
        await _database.DisposeAsync();
    }

    private LoginSessions Here => _database.Get<LoginSessions>();

    private LoginSessions There => _other.GetRequiredService<LoginSessions>();

    [Fact]
    public async Task A_second_look_asks_nobody() =>
        (await _there.RoundTripsAsync(async () => await LiveAsync(There))).ShouldBe(0);

    [Fact]
    public async Task A_revocation_counts_on_the_other_node_once_it_is_acknowledged()
    {
        (await Here.RevokeAsync(_session.SessionId, Actor.Player(_account.Id, TimeProvider.System))).ShouldBeTrue();

        (await There.CheckAsync(_session.SessionId)).ShouldBeOfType<SessionCheck.Revoked>();
    }

    [Fact]
    public async Task A_freeze_counts_on_the_other_node_once_it_is_acknowledged()
    {
        await _database.Get<FreezeAccount>().RunAsync(_account.Id, "suspected dupe", Operator(), CancellationToken.None);

        (await LiveAsync(There)).FrozenAt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("update core.accounts set roles = '{operator}'", "operator")]
    [InlineData("update core.accounts set is_active = false, closed_at = now()", null)]
    [InlineData("delete from core.login_sessions", null)]
    public async Task Whatever_changes_the_answer_by_whatever_path_counts_soon(string sql, string? role)
    {
        await _database.ExecuteAsync(TestRole.Superuser, sql);

        await Soon.TrueAsync(async () => await There.CheckAsync(_session.SessionId) is var now && (role is null ? now is not SessionCheck.Live : now is SessionCheck.Live live && live.Roles.Contains(role)), "told by the relay");
    }

    [Fact]
    public async Task Every_use_of_a_session_is_noted_a_moment_later_in_one_statement_and_costs_no_cached_answer()
    {
        var before = await LastUsedAsync();
        for (var i = 0; i < 1000; i++)
            await LiveAsync(i % 2 == 0 ? Here : There);
        (await LastUsedAsync()).ShouldBe(before);

        foreach (var process in new IServiceProvider[] { _database.Services, _other })
            (await process.GetRequiredService<WriteBehind<SessionUse>>().WriteAsync()).ShouldBe(1);

        (await LastUsedAsync()).ShouldBeGreaterThan(before);
        // By one statement each, or none: whoever is late changes nothing.
        (await _database.ScalarAsync<long>(TestRole.App, "select count(*) from core.invalidations")).ShouldBe(0);
        (await _there.RoundTripsAsync(async () => await LiveAsync(There))).ShouldBe(0);

        Task<DateTime> LastUsedAsync() => _database.ScalarAsync<DateTime>(TestRole.Superuser, "select last_used from core.login_sessions");
    }

    [Fact]
    public async Task Use_of_a_session_changes_no_answer()
    {
        await _database.ExecuteAsync(TestRole.Superuser, "update core.login_sessions set last_used = now()");

        (await _database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.invalidations")).ShouldBe(0);
    }

    [Fact]
    public async Task The_end_of_a_session_is_seen_by_the_clock()
    {
        await _database.Database.WriteAsync(
            Actor.System(TimeProvider.System),
            (unit, _) =>
            {
                unit.Enqueue(new EndSoon(_session.SessionId));
                return Task.CompletedTask;
            }
        );
        await There.CheckAsync(_session.SessionId);

        (await _there.RoundTripsAsync(() => Soon.TrueAsync(async () => await There.CheckAsync(_session.SessionId) is SessionCheck.Expired, "expired"))).ShouldBe(0);
    }

    private async Task<SessionCheck.Live> LiveAsync(LoginSessions sessions) =>
        (await sessions.CheckAsync(_session.SessionId)).ShouldBeOfType<SessionCheck.Live>();

    private static Actor Operator() => new(ActorKind.Operator, Guid.CreateVersion7(), Guid.CreateVersion7());
}

file sealed record EndSoon(Guid Session) : IStatement<EndSoon>
{
    public static string Sql => "update core.login_sessions set expires_at = clock_timestamp() + interval '200 milliseconds' where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Session);
}
