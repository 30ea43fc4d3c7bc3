using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Accounts.ForeignPasswords;

/// <summary>Whoever comes with a hash of another maker signs in with the password they had, and from then on under a hash of ours.</summary>
public sealed class FirstSignInTests : IAsyncLifetime
{
    private AccountWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await AccountWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    public static IEnumerable<ITheoryDataRow> OfEveryForm =>
        ForeignPasswordTests.MadeElsewhere.Where(r => r.Data.Item1 == AccountWorld.Password).DistinctBy(r => r.Data.Item2[..Math.Min(8, r.Data.Item2.Length)]);

    [Theory]
    [MemberData(nameof(OfEveryForm))]
    public async Task The_first_sign_in_replaces_the_hash_and_the_second_uses_ours(string password, string hash)
    {
        var account = await ForeignerAsync("newcomer", hash);

        (await _world.Sessions.SignInAsync("newcomer", "wrong horse 7", _world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        (await HashesAsync(account)).ShouldBe($"-/{hash}");
        await _world.SignInAsync("newcomer", password);

        (await HashesAsync(account)).ShouldStartWith("AQAAAA");
        (await HashesAsync(account)).ShouldEndWith("/-");
        await _world.SignInAsync("newcomer", password);
        (await _world.Sessions.SignInAsync("newcomer", "wrong horse 7", _world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();
    }

    [Fact]
    public async Task Several_first_sign_ins_at_once_all_succeed_and_leave_one_hash()
    {
        var account = await ForeignerAsync("newcomer", ForeignPasswordTests.MadeElsewhere.First().Data.Item2);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _world.SignInAsync("newcomer")));

        (await HashesAsync(account)).ShouldEndWith("/-");
        (await _world.CountAsync($"select count(*) from core.login_sessions where account_id = '{account}'")).ShouldBe(8);
        (await _world.ActivityAsync("session.sign-in")).ShouldAllBe(code => code == "ok");
        // One of them replaced it; the others found that done.
        (await _world.CountAsync($"select count(*) from core.audit_log where table_name = 'accounts' and action = 'UPDATE' and record_id = '{account}'")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Wrong_passwords_count_as_ever()
    {
        await ForeignerAsync("newcomer", ForeignPasswordTests.MadeElsewhere.First().Data.Item2);

        for (var i = 0; i < 10; i++)
            (await _world.Sessions.SignInAsync("newcomer", $"wrong {i} horse", _world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();

        (await _world.Sessions.SignInAsync("newcomer", AccountWorld.Password, _world.Stranger)).ShouldBeOfType<SignInOutcome.TooManyAttempts>();
    }

    [Fact]
    public async Task A_changed_password_replaces_it_too()
    {
        var account = await ForeignerAsync("newcomer", ForeignPasswordTests.MadeElsewhere.First().Data.Item2);
        var session = await _world.SignInAsync("newcomer");
        await _world.Db.ExecuteAsync(
            TestRole.Superuser,
            $"update core.accounts set password_hash = null, foreign_password_hash = '{ForeignPasswordTests.MadeElsewhere.First().Data.Item2}' where id = '{account}'"
        );

        var changed = await _world.Db.Get<ChangePassword>().RunAsync(account, AccountWorld.Password, "another horse 8", session.SessionId, _world.Stranger);

        changed.ShouldBeOfType<ChangePasswordOutcome.Changed>();
        (await HashesAsync(account)).ShouldEndWith("/-");
        await _world.SignInAsync("newcomer", "another horse 8");
    }

    [Fact]
    public async Task An_account_never_has_two_hashes()
    {
        var account = (await _world.PersonAsync("settled")).Id;

        var refusal = await Should.ThrowAsync<Npgsql.PostgresException>(
            _world.Db.ExecuteAsync(TestRole.Superuser, $"update core.accounts set foreign_password_hash = 'x' where id = '{account}'")
        );

        refusal.ConstraintName.ShouldBe("accounts_one_password_hash");
    }

    [Fact]
    public async Task Someone_who_came_without_a_password_chooses_one_with_a_code_that_is_good_once()
    {
        var account = await ForeignerAsync("newcomer", null);
        var reset = _world.Db.Get<ResetPassword>();
        (await _world.Sessions.SignInAsync("newcomer", AccountWorld.Password, _world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        var code = (await reset.CreateCodeAsync(account, _world.Operator)).ShouldNotBeNull();
        var other = (await reset.CreateCodeAsync(account, _world.Operator)).ShouldNotBeNull();

        (await reset.RunAsync(code.Code, "short", _world.Stranger)).ShouldBeOfType<ResetPasswordOutcome.Invalid>();
        (await reset.RunAsync(code.Code, "another horse 8", _world.Stranger)).ShouldBeOfType<ResetPasswordOutcome.Changed>();

        await _world.SignInAsync("newcomer", "another horse 8");
        foreach (var spent in new[] { code.Code, other.Code, "never-made" })
            (await reset.RunAsync(spent, "a third horse 9", _world.Stranger)).ShouldBeOfType<ResetPasswordOutcome.CodeRefused>();
        await _world.SignInAsync("newcomer", "another horse 8");
        // An operator's code is for signing in and for nothing else, and the other way round.
        var operators = await _world.Db.Get<OneTimeCodes>().CreateOperatorCodeAsync();
        (await reset.RunAsync(operators.Code, "a third horse 9", _world.Stranger)).ShouldBeOfType<ResetPasswordOutcome.CodeRefused>();
    }

    [Fact]
    public async Task A_code_ends_after_its_hour()
    {
        var account = await ForeignerAsync("newcomer", null);
        var code = (await _world.Db.Get<ResetPassword>().CreateCodeAsync(account, _world.Operator)).ShouldNotBeNull();

        _world.Clock.Advance(OneTimeCodes.Lifetime + TimeSpan.FromSeconds(1));

        (await _world.Db.Get<ResetPassword>().RunAsync(code.Code, "another horse 8", _world.Stranger)).ShouldBeOfType<ResetPasswordOutcome.CodeRefused>();
    }

    private async Task<Guid> ForeignerAsync(string username, string? hash)
    {
        var account = (await _world.PersonAsync(username)).Id;
        await _world.Db.ExecuteAsync(
            TestRole.Superuser,
            $"update core.accounts set password_hash = null, foreign_password_hash = {(hash is null ? "null" : $"'{hash}'")} where id = '{account}'"
        );
        return account;
    }

    private Task<string?> HashesAsync(Guid account) =>
        _world.Db.ScalarAsync<string>(
            TestRole.Superuser,
            $"select coalesce(password_hash, '-') || '/' || coalesce(foreign_password_hash, '-') from core.accounts where id = '{account}'"
        );
}
