using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Accounts;

public sealed class SignInTests
{
    [Fact]
    public async Task Name_and_address_in_any_case_both_sign_in()
    {
        await using var world = await AccountWorld.CreateAsync();
        var account = await world.PersonAsync("Mira", "mira@example.com");

        var byName = await world.SignInAsync(" mIRA ");
        var byAddress = await world.SignInAsync("MIRA@example.com");

        (byName.Account.Id, byAddress.Account.Id).ShouldBe((account.Id, account.Id));
        byName.SessionId.ShouldNotBe(byAddress.SessionId);
        byName.ExpiresAt.ShouldBe(world.Clock.GetUtcNow().AddDays(7));
        (await world.ReloadAsync(account.Id)).LastLogin.ShouldNotBeNull();
        (await world.ActivityAsync("session.sign-in")).ShouldBe(["ok", "ok"]);
    }

    [Theory]
    [InlineData("mira", "wrong password")]
    [InlineData("nobody", "correct horse 7")]
    [InlineData("nobody@example.com", "correct horse 7")]
    [InlineData("not\0text", "correct horse 7")]
    [InlineData("", "")]
    public async Task A_wrong_login_or_password_gets_one_answer_and_a_record_without_either(string login, string password)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira", "mira@example.com");

        (await world.Sessions.SignInAsync(login, password, world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();

        (await world.ActivityAsync("session.sign-in")).ShouldBe([AccountErrors.WrongCredentials]);
        (await world.CountAsync("select count(*) from core.activity_log where details is not null or subject like '%nobody%'")).ShouldBe(0);
        (await world.CountAsync("select count(*) from core.login_sessions")).ShouldBe(0);
    }

    [Theory]
    [InlineData("mira")]
    [InlineData("nobody")]
    public async Task After_ten_failures_even_the_right_password_waits_a_quarter_of_an_hour(string login)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        for (var i = 0; i < 10; i++)
            (await world.Sessions.SignInAsync(login, $"guess {i}", world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();

        var refused = (await world.Sessions.SignInAsync(login, AccountWorld.Password, world.Stranger)).ShouldBeOfType<SignInOutcome.TooManyAttempts>();

        refused.RetryAt.ShouldBe(world.Clock.GetUtcNow().AddMinutes(15), TimeSpan.FromMilliseconds(1));
        world.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await world.Sessions.SignInAsync(login, AccountWorld.Password, world.Stranger)).ShouldBeOfType<SignInOutcome.TooManyAttempts>();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await world.Sessions.SignInAsync(login, AccountWorld.Password, world.Stranger);
        (after is SignInOutcome.SignedIn).ShouldBe(login == "mira");
    }

    [Theory]
    [InlineData("mira@example.com", "mira")]
    [InlineData("mira", "mira@example.com")]
    public async Task A_login_that_must_wait_does_not_tell_which_other_login_is_the_same_person(string tried, string other)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira", "mira@example.com");
        // However it is typed: blanks and capitals open no second count.
        for (var i = 0; i < 10; i++)
            await world.Sessions.SignInAsync(i % 2 == 0 ? $" {tried.ToUpperInvariant()} " : tried, $"guess {i}", world.Stranger);

        (await world.Sessions.SignInAsync(tried, AccountWorld.Password, world.Stranger)).ShouldBeOfType<SignInOutcome.TooManyAttempts>();
        (await world.Sessions.SignInAsync(other, "guess", world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        await world.SignInAsync(other);
    }

    [Fact]
    public async Task A_sign_in_that_was_under_way_when_the_password_changed_opens_no_session()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var fresh = await world.Db.Get<Passwords>().HashAsync("a new password", TestContext.Current.CancellationToken);
        await using var owner = await world.Db.OpenAsync(TestRole.Superuser);
        await using var change = await owner.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new Npgsql.NpgsqlCommand("update core.accounts set password_hash = $2 where id = $1", owner, change))
        {
            hold.Parameters.Add(new() { Value = mira.Id });
            hold.Parameters.Add(new() { Value = fresh });
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var signIn = world.Sessions.SignInAsync("mira", AccountWorld.Password, world.Stranger);
        await Soon.TrueAsync(
            async () => await world.CountAsync("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 1,
            "the sign-in waits for the change"
        );
        await change.CommitAsync(TestContext.Current.CancellationToken);

        (await signIn).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        (await world.CountAsync("select count(*) from core.login_sessions")).ShouldBe(0);
        (await world.ActivityAsync("session.sign-in")).ShouldBe([AccountErrors.WrongCredentials]);
    }

    [Fact]
    public async Task Of_a_wave_of_guesses_at_most_ten_are_evaluated()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");

        var wave = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => world.Sessions.SignInAsync("mira", $"guess number {i}", world.Stranger)));

        wave.Count(o => o is SignInOutcome.WrongCredentials).ShouldBe(10);
        wave.Count(o => o is SignInOutcome.TooManyAttempts).ShouldBe(20);
        (await world.Sessions.SignInAsync("mira", AccountWorld.Password, world.Stranger)).ShouldBeOfType<SignInOutcome.TooManyAttempts>();
    }

    [Fact]
    public async Task Thirty_right_sign_ins_at_once_all_succeed_and_forget_earlier_failures()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        for (var i = 0; i < 9; i++)
            await world.Sessions.SignInAsync("mira", "guess", world.Stranger);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => world.Sessions.SignInAsync("mira", AccountWorld.Password, world.Stranger))
        );

        outcomes.ShouldAllBe(o => o is SignInOutcome.SignedIn);
        (await world.CountAsync("select count(*) from core.sign_in_failures")).ShouldBe(0);
    }

    [Fact]
    public async Task A_closed_account_is_told_so_to_its_owner_alone()
    {
        await using var world = await AccountWorld.CreateAsync();
        var account = await world.PersonAsync("mira");
        var session = await world.SignInAsync("mira");
        await world.Db.ExecuteAsync(TestRole.Superuser, "update core.accounts set is_active = false, closed_at = now()");

        (await world.Sessions.SignInAsync("mira", AccountWorld.Password, world.Stranger)).ShouldBeOfType<SignInOutcome.AccountClosed>();
        (await world.Sessions.SignInAsync("mira", "wrong password", world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        (await world.Sessions.RefreshAsync(session.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Revoked>();
        (await world.Sessions.CheckAsync(session.SessionId)).ShouldBeOfType<SessionCheck.Revoked>();
        (await world.Sessions.OpenAsync(account.Id, world.Stranger)).ShouldBeNull();
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_is_renewed_at_the_next_sign_in()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira");
        var before = await world.Db.ScalarAsync<string>(TestRole.Superuser, "select password_hash from core.accounts");
        await using var stronger = world.Db.SecondProcess(
            new TestDatabaseOptions(Configure: s => s.Configure<AccountOptions>(o => o.PasswordIterations = 2000)),
            world.Clock
        );

        // Several at once: whoever finds the hash renewed under its hands has still typed the right password.
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => stronger.GetRequiredService<LoginSessions>().SignInAsync("mira", AccountWorld.Password, world.Stranger))
        );

        outcomes.ShouldAllBe(o => o is SignInOutcome.SignedIn);
        (await world.Db.ScalarAsync<string>(TestRole.Superuser, "select password_hash from core.accounts")).ShouldNotBe(before);
        await world.SignInAsync("mira");
    }
}
