using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Accounts;

public sealed class LoginSessionsTests
{
    [Fact]
    public async Task A_refresh_works_on_day_six_and_not_on_day_eight()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        var first = await world.SignInAsync("mira");

        world.Clock.Advance(TimeSpan.FromDays(6));
        var second = (await world.Sessions.RefreshAsync(first.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>().Session;
        second.SessionId.ShouldBe(first.SessionId);
        second.ExpiresAt.ShouldBe(world.Clock.GetUtcNow().AddDays(7));
        (await world.Db.ScalarAsync<DateTime>(TestRole.Superuser, "select last_used from core.login_sessions"))
            .ShouldBe(world.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromMilliseconds(1));

        world.Clock.Advance(TimeSpan.FromDays(8));
        (await world.Sessions.RefreshAsync(second.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Expired>();
        (await world.Sessions.CheckAsync(first.SessionId)).ShouldBeOfType<SessionCheck.Expired>();
    }

    [Fact]
    public async Task A_refresh_sent_many_times_at_once_gets_one_successor()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        var session = await world.SignInAsync("mira");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Sessions.RefreshAsync(session.RefreshToken, world.Stranger)));

        var tokens = outcomes.Select(o => o.ShouldBeOfType<RefreshOutcome.Refreshed>().Session.RefreshToken).Distinct().ToList();
        tokens.Count.ShouldBe(1);
        tokens[0].ShouldNotBe(session.RefreshToken);
        (await world.CountAsync("select generation::bigint from core.login_sessions")).ShouldBe(1);
        (await world.Sessions.RefreshAsync(tokens[0], world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>();
    }

    [Fact]
    public async Task A_refresh_repeated_at_another_node_within_the_grace_gets_the_same_successor()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        var session = await world.SignInAsync("mira");
        await using var node = world.Db.SecondProcess(clock: world.Clock);

        var first = (await world.Sessions.RefreshAsync(session.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>();
        world.Clock.Advance(TimeSpan.FromSeconds(29));
        var again = (await node.GetRequiredService<LoginSessions>().RefreshAsync(session.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>();

        again.Session.RefreshToken.ShouldBe(first.Session.RefreshToken);
    }

    [Fact]
    public async Task A_spent_token_that_turns_up_later_shuts_the_session_for_thief_and_owner()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        var session = await world.SignInAsync("mira");
        var other = await world.SignInAsync("mira");
        var second = (await world.Sessions.RefreshAsync(session.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>().Session;
        var third = (await world.Sessions.RefreshAsync(second.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>().Session;

        world.Clock.Advance(TimeSpan.FromSeconds(31));
        (await world.Sessions.RefreshAsync(session.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.ReuseDetected>();

        (await world.Sessions.RefreshAsync(third.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Revoked>();
        (await world.Sessions.CheckAsync(session.SessionId)).ShouldBeOfType<SessionCheck.Revoked>();
        (await world.Sessions.CheckAsync(other.SessionId)).ShouldBeOfType<SessionCheck.Live>();
        (await world.ActivityAsync("session.refresh")).ShouldContain(AccountErrors.ReuseDetected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_nobody_ever_had_is_unknown(string token)
    {
        await using var world = await AccountWorld.CreateAsync();

        (await world.Sessions.RefreshAsync(token, world.Stranger)).ShouldBeOfType<RefreshOutcome.Unknown>();
    }

    [Fact]
    public async Task A_player_signs_out_own_sessions_alone_and_an_operator_any()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var zoe = await world.PersonAsync("zoe");
        var sessions = new[] { await world.SignInAsync("mira"), await world.SignInAsync("mira") };

        (await world.Sessions.RevokeAsync(sessions[0].SessionId, Actor.Player(zoe.Id, world.Clock))).ShouldBeFalse();
        (await world.Sessions.ListAsync(mira.Id, Actor.Player(zoe.Id, world.Clock))).ShouldBeEmpty();
        (await world.Sessions.ListAsync(mira.Id, Actor.Player(mira.Id, world.Clock))).Count.ShouldBe(2);
        (await world.Sessions.RevokeAsync(sessions[0].SessionId, Actor.Player(mira.Id, world.Clock))).ShouldBeTrue();
        // A repeat, whose first answer may have been lost.
        (await world.Sessions.RevokeAsync(sessions[0].SessionId, Actor.Player(mira.Id, world.Clock))).ShouldBeTrue();
        (await world.Sessions.RevokeAsync(Guid.CreateVersion7(), Actor.Player(mira.Id, world.Clock))).ShouldBeFalse();
        (await world.Sessions.RevokeAsync(sessions[1].SessionId, world.Operator)).ShouldBeTrue();

        (await world.Sessions.RefreshAsync(sessions[0].RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Revoked>();
        (await world.Sessions.ListAsync(mira.Id, Actor.Player(mira.Id, world.Clock))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_check_tells_roles_and_freeze_as_they_are_now_in_one_round_trip()
    {
        await using var world = await AccountWorld.CreateAsync(new TestDatabaseOptions(CountRoundTrips: true));
        var mira = await world.PersonAsync("mira");
        var session = await world.SignInAsync("mira");
        await world.Sessions.CheckAsync(session.SessionId);
        await world.Db.Get<GrantRole>().GrantAsync(mira.Id, AccountRoles.Operator, Actor.System(world.Clock));
        await world.Db.Get<FreezeAccount>().RunAsync(mira.Id, "looked odd", world.Operator);

        SessionCheck? check = null;
        (await world.Db.RoundTrips.MeasureAsync(async () => check = await world.Sessions.CheckAsync(session.SessionId))).ShouldBe(1);

        var live = check.ShouldBeOfType<SessionCheck.Live>();
        (live.AccountId, live.FrozenAt is not null).ShouldBe((mira.Id, true));
        live.Roles.ShouldBe([AccountRoles.Operator]);
        (await world.Sessions.CheckAsync(mira.Id)).ShouldBeOfType<SessionCheck.Unknown>();
    }

    [Fact]
    public async Task The_purge_removes_what_ended_longer_ago_than_it_is_kept_and_says_how_many()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        var expired = await world.SignInAsync("mira");
        var revoked = await world.SignInAsync("mira");
        await world.Sessions.RevokeAsync(revoked.SessionId, Actor.Player(revoked.Account.Id, world.Clock));
        await world.Sessions.RefreshAsync(expired.RefreshToken, world.Stranger);
        var purge = world.Db.Get<LoginSessionPurge>();

        world.Clock.Advance(TimeSpan.FromDays(29));
        (await purge.RunAsync(CancellationToken.None)).ShouldBe("0 login sessions removed");
        world.Clock.Advance(TimeSpan.FromDays(2));
        (await purge.RunAsync(CancellationToken.None)).ShouldBe("1 login sessions removed");
        var live = await world.SignInAsync("mira");
        world.Clock.Advance(TimeSpan.FromDays(6.5));
        var step = await world.Db.Get<CleanupExpiredSessions>().StepAsync(null, CancellationToken.None);

        (step.Changed, step.Done).ShouldBe((1L, true));
        (await world.Db.ListAsync<Guid>(TestRole.Superuser, "select id from core.login_sessions")).ShouldBe([live.SessionId]);
        (await world.CountAsync("select count(*) from core.spent_refresh_tokens")).ShouldBe(0);
    }
}
