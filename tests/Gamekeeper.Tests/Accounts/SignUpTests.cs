using Gamekeeper.Accounts;
using Gamekeeper.Idempotency;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Accounts;

public sealed class SignUpTests
{
    [Fact]
    public async Task A_new_account_has_the_documented_defaults()
    {
        await using var world = await AccountWorld.CreateAsync();

        var account = await world.PersonAsync("Mira.K", "  Mira@Example.COM ");

        account.Kind.ShouldBe(AccountKind.Person);
        account.Email!.Value.Value.ShouldBe("mira@example.com");
        (account.IsActive, account.EmailVerified, account.Version).ShouldBe((true, false, 1L));
        account.Roles.ShouldBeEmpty();
        account.Settings.ShouldBe("{}");
        (account.FrozenAt, account.LastLogin).ShouldBe((null, null));
        (await world.ActivityAsync("account.sign-up")).ShouldBe(["ok"]);
    }

    [Fact]
    public async Task Of_many_who_want_one_name_at_once_exactly_one_gets_it()
    {
        await using var world = await AccountWorld.CreateAsync();
        var signUp = world.Db.Get<SignUp>();

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => signUp.RunAsync(new(i % 2 == 0 ? "Racer" : "rACER", $"r{i}@example.com", null, null), world.Stranger))
        );

        outcomes.Count(o => o is SignUpOutcome.Created).ShouldBe(1);
        outcomes.Count(o => o is SignUpOutcome.UsernameTaken).ShouldBe(11);
        (await world.CountAsync("select count(*) from core.accounts where username_key = 'racer'")).ShouldBe(1);
        (await world.CountAsync("select count(*) from core.account_keys")).ShouldBe(1);
        (await world.CountAsync("select count(*) from core.email_hashes")).ShouldBe(1);
        (await world.ActivityAsync("account.sign-up")).Count(c => c == AccountErrors.UsernameTaken).ShouldBe(11);
    }

    [Fact]
    public async Task An_address_is_one_whatever_its_case_and_the_spaces_around_it()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("first", "Some.One@Example.org");

        var outcome = await world.Db.Get<SignUp>().RunAsync(new("second", " some.one@EXAMPLE.ORG", null, null), world.Stranger);

        outcome.ShouldBeOfType<SignUpOutcome.EmailTaken>();
        (await world.CountAsync("select count(*) from core.accounts")).ShouldBe(1);
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once_and_nothing_is_written()
    {
        await using var world = await AccountWorld.CreateAsync();

        var outcome = await world.Db.Get<SignUp>().RunAsync(new("ab", "x@y.c|", "short", new string('x', 101)), world.Stranger);

        outcome.ShouldBeOfType<SignUpOutcome.Invalid>().Errors.Select(e => e.Field).ShouldBe(["username", "email", "password", "displayName"]);
        (await world.CountAsync("select count(*) from core.accounts")).ShouldBe(0);
    }

    [Fact]
    public async Task A_name_that_would_be_taken_for_the_house_is_refused()
    {
        await using var world = await AccountWorld.CreateAsync();

        (await world.Db.Get<SignUp>().RunAsync(new("Operator", null, AccountWorld.Password, null), world.Stranger))
            .ShouldBeOfType<SignUpOutcome.UsernameTaken>();
    }

    [Fact]
    public async Task A_request_repeated_under_its_key_makes_one_account_and_gets_the_same_answer()
    {
        await using var world = await AccountWorld.CreateAsync();
        // In real time: the ones that meet run again after a pause, and the manual clock never gets there.
        await using var process = world.Db.SecondProcess();
        var signUp = process.GetRequiredService<SignUp>();
        var input = new SignUpInput("twice", "twice@example.com", AccountWorld.Password, "Twice");
        var key = new IdempotencyKey("sign-up-1");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => signUp.RunAsync(input, world.Stranger, key)));
        var later = await signUp.RunAsync(input, world.Stranger, key);
        var other = await signUp.RunAsync(input with { Password = "another password" }, world.Stranger, key);

        outcomes.Append(later).Select(o => o.ShouldBeOfType<SignUpOutcome.Created>().Account.Id).Distinct().Count().ShouldBe(1);
        other.ShouldBeOfType<SignUpOutcome.KeyReused>();
        (await world.CountAsync("select count(*) from core.accounts")).ShouldBe(1);
    }

    [Fact]
    public async Task A_guest_has_neither_address_nor_password_and_can_be_signed_in()
    {
        await using var world = await AccountWorld.CreateAsync();

        var guest = (await world.Db.Get<SignUp>().RunGuestAsync("Passer-by", world.Stranger)).ShouldBeOfType<SignUpOutcome.Created>().Account;
        var session = await world.Sessions.OpenAsync(guest.Id, world.Stranger);

        (guest.Kind, guest.Email).ShouldBe((AccountKind.Guest, null));
        session!.Account.Id.ShouldBe(guest.Id);
        (await world.Sessions.SignInAsync(guest.Username, "", world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();
    }

    [Fact]
    public async Task The_database_refuses_a_bad_name_whoever_writes_it()
    {
        await using var world = await AccountWorld.CreateAsync();

        foreach (var name in new[] { "ab", new string('x', 50) + "y", "a b c", "näme", "a|bc" })
        {
            var failure = await Should.ThrowAsync<Npgsql.PostgresException>(
                world.Db.ExecuteAsync(TestRole.Superuser, $"insert into core.accounts (username) values ('{name}')")
            );
            failure.SqlState.ShouldBeOneOf("23514", "22001");
        }
    }
}
