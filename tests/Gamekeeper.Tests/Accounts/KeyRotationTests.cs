using Gamekeeper.Accounts;
using Gamekeeper.Integrity;
using Gamekeeper.Privacy;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Accounts;

public sealed class KeyRotationTests
{
    [Fact]
    public async Task A_rotation_moves_everything_to_the_new_key_and_old_rows_stay_readable_meanwhile()
    {
        await using var world = await AccountWorld.CreateAsync();
        var people = new List<Account>();
        for (var i = 0; i < 7; i++)
            people.Add(await world.PersonAsync($"person{i}", i == 6 ? null : $"person{i}@example.com"));
        var session = await world.SignInAsync("person0");
        var signed = (await world.Db.Get<SigningKeyRing>().ActiveAsync()).Sign("data"u8);
        await world.Db.Get<KeyRingStore>().StoreAsync(new("key-1", "<key/>"));
        var fresh = MasterKey.NewText();
        await using var rotating = Process(world, fresh, TestDatabase.MasterKeyText);

        // Before the rotation has run, everything opens under the old key.
        await AllReadableAsync(rotating, people);
        (await SignUpAsync(rotating, "newcomer", "PERSON3@example.com")).ShouldBeOfType<SignUpOutcome.EmailTaken>();
        (await SignInAsync(rotating, "person3@example.com")).ShouldBeOfType<SignInOutcome.SignedIn>();

        var report = await rotating.GetRequiredService<KeyRotation>().RunAsync(biteSize: 3);

        (report.SystemKeys, report.AccountKeys, report.Addresses, report.ForgottenHashes).ShouldBe((2, 7L, 6L, 0));
        (await rotating.GetRequiredService<KeyRotation>().RunAsync()).ShouldBe(report with { SystemKeys = 0, AccountKeys = 0, Addresses = 0 });
        // A node that still has the old key first writes what the new one would refuse, and the other way round.
        (await SignUpAsync(world.Db.Services, "newcomer", "person3@example.com")).ShouldBeOfType<SignUpOutcome.EmailTaken>();
        (await SignUpAsync(rotating, "newcomer", "newcomer@example.com")).ShouldBeOfType<SignUpOutcome.Created>();
        (await SignUpAsync(world.Db.Services, "newcomer2", "newcomer@example.com")).ShouldBeOfType<SignUpOutcome.EmailTaken>();

        await using var after = Process(world, fresh);
        await AllReadableAsync(after, people);
        (await after.GetRequiredService<KeyRingStore>().ListAsync()).ShouldBe([new("key-1", "<key/>")]);
        var ring = after.GetRequiredService<SigningKeyRing>();
        (await ring.VerifyAsync((await ring.ActiveAsync()).Id, "data"u8.ToArray(), signed)).ShouldBe(SignatureVerdict.Good);
        (await SignInAsync(after, "person5@example.com")).ShouldBeOfType<SignInOutcome.SignedIn>();
        (await after.GetRequiredService<LoginSessions>().RefreshAsync(session.RefreshToken, world.Stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>();
        (await after.GetRequiredService<KeyRotation>().RunAsync()).ForgottenHashes.ShouldBe(7);
        (await SignUpAsync(after, "newcomer3", "person3@example.com")).ShouldBeOfType<SignUpOutcome.EmailTaken>();
    }

    [Fact]
    public async Task Another_master_key_is_a_named_error_and_never_garbage()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira", "mira@example.com");
        await using var stranger = Process(world, MasterKey.NewText());

        var failure = await Should.ThrowAsync<GamekeeperException>(
            stranger.GetRequiredService<AccountRepository>().FindAsync(mira.Id, world.Operator)
        );

        failure.Code.ShouldBe("privacy.master-key-unknown");
        failure.Message.ShouldContain(world.Db.Get<MasterKeys>().ActiveId);
    }

    [Fact]
    public async Task A_ciphertext_moved_to_another_account_does_not_open()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.PersonAsync("mira", "mira@example.com");
        var zoe = await world.PersonAsync("zoe", "zoe@example.com");
        await world.Db.ExecuteAsync(
            TestRole.Superuser,
            """
            update core.accounts z set email_ciphertext = m.email_ciphertext from core.accounts m where z.username = 'zoe' and m.username = 'mira';
            update core.account_keys z set wrapped_key = m.wrapped_key
              from core.account_keys m
              where z.account_id = (select id from core.accounts where username = 'zoe')
                and m.account_id = (select id from core.accounts where username = 'mira')
            """
        );

        (await Should.ThrowAsync<GamekeeperException>(world.ReloadAsync(zoe.Id))).Code.ShouldBe("privacy.cannot-decrypt");
    }

    [Fact]
    public async Task A_destroyed_key_leaves_an_account_without_address()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira", "mira@example.com");

        await world.Db.Database.WriteAsync(
            Actor.System(world.Clock),
            (unit, _) =>
            {
                world.Db.Get<AccountSecrets>().Destroy(unit, mira.Id);
                return Task.CompletedTask;
            }
        );

        (await world.ReloadAsync(mira.Id)).Email.ShouldBeNull();
        (await world.Db.Get<KeyRotation>().RunAsync()).AccountKeys.ShouldBe(0);
    }

    private static ServiceProvider Process(AccountWorld world, string active, params string[] previous) =>
        world.Db.SecondProcess(
            new TestDatabaseOptions(
                Configure: s =>
                    s.Configure<MasterKeyOptions>(o =>
                    {
                        o.MasterKey = active;
                        foreach (var key in previous)
                            o.PreviousMasterKeys.Add(key);
                    })
            ),
            world.Clock
        );

    private static async Task AllReadableAsync(IServiceProvider process, IReadOnlyList<Account> people)
    {
        var accounts = process.GetRequiredService<AccountRepository>();
        foreach (var person in people)
            (await accounts.FindAsync(person.Id, Actor.System(TimeProvider.System)))!.Email.ShouldBe(person.Email);
    }

    private static Task<SignUpOutcome> SignUpAsync(IServiceProvider process, string name, string email) =>
        process.GetRequiredService<SignUp>().RunAsync(new(name, email, null, null), Actor.System(TimeProvider.System));

    private static Task<SignInOutcome> SignInAsync(IServiceProvider process, string login) =>
        process.GetRequiredService<LoginSessions>().SignInAsync(login, AccountWorld.Password, Actor.System(TimeProvider.System));
}
