using System.Text.Json;
using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Accounts;

public sealed class AccountVerbsTests
{
    [Fact]
    public async Task Changes_of_different_settings_at_once_are_all_kept()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var actor = Actor.Player(mira.Id, world.Clock);
        var update = world.Db.Get<UpdateProfile>();

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => update.RunAsync(mira.Id, new(Settings: Json($$"""{"k{{i}}": {{i}}}""")), actor))
        );
        await update.RunAsync(mira.Id, new(Settings: Json("""{"k0": null, "k1": {"deep": null}}""")), actor);

        outcomes.ShouldAllBe(o => o is UpdateProfileOutcome.Updated);
        var now = await world.ReloadAsync(mira.Id);
        now.Version.ShouldBe(12);
        var settings = JsonDocument.Parse(now.Settings).RootElement;
        settings.EnumerateObject().Select(m => m.Name).Order().ShouldBe(Enumerable.Range(1, 9).Select(i => $"k{i}"));
        settings.GetProperty("k1").GetProperty("deep").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_profile_is_changed_by_its_owner_at_the_version_the_owner_saw()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var zoe = await world.PersonAsync("zoe");
        var update = world.Db.Get<UpdateProfile>();

        (await update.RunAsync(mira.Id, new("Mira K."), Actor.Player(zoe.Id, world.Clock))).ShouldBeOfType<UpdateProfileOutcome.NotFound>();
        var updated = await update.RunAsync(mira.Id, new("Mira K.", ExpectedVersion: 1), Actor.Player(mira.Id, world.Clock));
        updated.ShouldBeOfType<UpdateProfileOutcome.Updated>().Account.DisplayName.ShouldBe("Mira K.");
        (await update.RunAsync(mira.Id, new("Other", ExpectedVersion: 1), Actor.Player(mira.Id, world.Clock)))
            .ShouldBe(new UpdateProfileOutcome.VersionConflict(2));
        (await update.RunAsync(mira.Id, new(""), Actor.Player(mira.Id, world.Clock)))
            .ShouldBeOfType<UpdateProfileOutcome.Updated>().Account.DisplayName.ShouldBeNull();

        (await world.ActivityAsync("account.update-profile")).ShouldBe([AccountErrors.NotFound, "ok", AccountErrors.VersionConflict, "ok"]);
        (await world.Db.ListAsync<long>(TestRole.Superuser, "select version from core.outbox where delivered_at is not null order by id")).ShouldBe([2L, 3L]);
    }

    [Theory]
    [InlineData("""[1]""")]
    [InlineData("\"text\"")]
    [InlineData("""{"a": "\u0000"}""")]
    [InlineData("""{"a": "\ud800"}""")]
    public async Task Settings_that_cannot_be_kept_are_refused_and_change_nothing(string settings)
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");

        var outcome = await world.Db.Get<UpdateProfile>().RunAsync(mira.Id, new("New name", Settings: Json(settings)), Actor.Player(mira.Id, world.Clock));

        outcome.ShouldBeOfType<UpdateProfileOutcome.Invalid>().Errors.Single().Field.ShouldBe("settings");
        (await world.ReloadAsync(mira.Id)).ShouldSatisfyAllConditions(a => a.Version.ShouldBe(1), a => a.DisplayName.ShouldBeNull());
    }

    [Fact]
    public async Task Settings_that_are_too_much_in_sum_are_refused()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var update = world.Db.Get<UpdateProfile>();
        Task<UpdateProfileOutcome> AddAsync(string member) =>
            update.RunAsync(mira.Id, new(Settings: Json($$"""{"{{member}}": "{{new string('x', 9000)}}"}""")), Actor.Player(mira.Id, world.Clock));

        (await AddAsync("a")).ShouldBeOfType<UpdateProfileOutcome.Updated>();
        (await AddAsync("b")).ShouldBeOfType<UpdateProfileOutcome.Invalid>();
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_signs_out_everyone_else()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var here = await world.SignInAsync("mira");
        var elsewhere = await world.SignInAsync("mira");
        var actor = Actor.Player(mira.Id, world.Clock);
        var change = world.Db.Get<ChangePassword>();

        (await change.RunAsync(mira.Id, "not the password", "a new password", here.SessionId, actor)).ShouldBeOfType<ChangePasswordOutcome.WrongPassword>();
        (await change.RunAsync(mira.Id, AccountWorld.Password, "short", here.SessionId, actor)).ShouldBeOfType<ChangePasswordOutcome.Invalid>();
        (await change.RunAsync(mira.Id, AccountWorld.Password, "a new password", here.SessionId, actor)).ShouldBe(new ChangePasswordOutcome.Changed(1));

        (await world.Sessions.CheckAsync(here.SessionId)).ShouldBeOfType<SessionCheck.Live>();
        (await world.Sessions.CheckAsync(elsewhere.SessionId)).ShouldBeOfType<SessionCheck.Revoked>();
        (await world.Sessions.SignInAsync("mira", AccountWorld.Password, world.Stranger)).ShouldBeOfType<SignInOutcome.WrongCredentials>();
        await world.SignInAsync("mira", "a new password");
        (await world.ActivityAsync("account.change-password")).ShouldBe([AccountErrors.WrongCredentials, "ok"]);
    }

    [Fact]
    public async Task A_refused_change_of_password_signs_nobody_out_and_its_failures_count_apart()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var session = await world.SignInAsync("mira");
        var change = world.Db.Get<ChangePassword>();
        for (var i = 0; i < 10; i++)
            await change.RunAsync(mira.Id, $"guess {i}", "a new password", null, Actor.Player(mira.Id, world.Clock));

        (await change.RunAsync(mira.Id, AccountWorld.Password, "a new password", null, Actor.Player(mira.Id, world.Clock)))
            .ShouldBeOfType<ChangePasswordOutcome.TooManyAttempts>();
        (await world.Sessions.CheckAsync(session.SessionId)).ShouldBeOfType<SessionCheck.Live>();
        await world.SignInAsync("mira");
    }

    [Fact]
    public async Task Guesses_of_strangers_do_not_keep_an_owner_from_changing_the_password()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        for (var i = 0; i < 11; i++)
            await world.Sessions.SignInAsync("mira", $"guess {i}", world.Stranger);

        (await world.Db.Get<ChangePassword>().RunAsync(mira.Id, AccountWorld.Password, "a new password", null, Actor.Player(mira.Id, world.Clock)))
            .ShouldBeOfType<ChangePasswordOutcome.Changed>();
    }

    [Fact]
    public async Task Of_two_changes_of_password_at_once_one_wins()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var change = world.Db.Get<ChangePassword>();

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => change.RunAsync(mira.Id, AccountWorld.Password, $"new password {i}", null, Actor.Player(mira.Id, world.Clock)))
        );

        outcomes.Count(o => o is ChangePasswordOutcome.Changed).ShouldBe(1);
        outcomes.Count(o => o is ChangePasswordOutcome.WrongPassword).ShouldBe(3);
    }

    [Fact]
    public async Task Roles_are_given_and_taken_by_operators_and_never_by_players_or_services()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var grant = world.Db.Get<GrantRole>();
        var service = new Actor(ActorKind.Service, mira.Id, Guid.CreateVersion7(world.Clock.GetUtcNow()));

        (await grant.GrantAsync(mira.Id, AccountRoles.Operator, Actor.Player(mira.Id, world.Clock))).ShouldBeOfType<GrantRoleOutcome.NotAllowed>();
        (await grant.GrantAsync(mira.Id, AccountRoles.Operator, service)).ShouldBeOfType<GrantRoleOutcome.NotAllowed>();
        await grant.GrantAsync(mira.Id, AccountRoles.Auditor, world.Operator);
        var twice = await grant.GrantAsync(mira.Id, AccountRoles.Auditor, world.Operator);
        twice.ShouldBeOfType<GrantRoleOutcome.Done>().Account.Roles.ShouldBe([AccountRoles.Auditor]);
        var taken = await grant.RevokeAsync(mira.Id, AccountRoles.Auditor, world.Operator);
        taken.ShouldBeOfType<GrantRoleOutcome.Done>().Account.Roles.ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(grant.GrantAsync(mira.Id, "emperor", world.Operator));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
