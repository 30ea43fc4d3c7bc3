using System.Collections.Concurrent;
using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Accounts;

public sealed class FreezeTests
{
    [Fact]
    public async Task When_a_freeze_is_answered_every_game_knows_it()
    {
        await using var world = await AccountWorld.CreateAsync(RecordingGame.Options);
        var mira = await world.PersonAsync("mira");
        var session = await world.SignInAsync("mira");
        var game = world.Db.Get<RecordingGame>();

        var frozen = await world.Db.Get<FreezeAccount>().RunAsync(mira.Id, "sold what was not hers", world.Operator);

        frozen.ShouldBeOfType<FreezeOutcome.Frozen>().Account.FrozenReason.ShouldBe("sold what was not hers");
        game.Seen.Select(a => (a.Version, a.FrozenAt is not null)).ShouldBe([(2L, true)]);
        (await world.CountAsync("select count(*) from core.outbox where delivered_at is null")).ShouldBe(0);
        (await world.Sessions.CheckAsync(session.SessionId)).ShouldBeOfType<SessionCheck.Live>().FrozenAt.ShouldNotBeNull();

        await world.Db.Get<UnfreezeAccount>().RunAsync(mira.Id, world.Operator);
        game.Seen.Select(a => (a.Version, a.FrozenAt is not null)).ShouldBe([(2L, true), (3L, false)]);
    }

    [Fact]
    public async Task Of_many_freezes_at_once_one_counts()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var freeze = world.Db.Get<FreezeAccount>();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => freeze.RunAsync(mira.Id, $"reason {i}", world.Operator)));

        outcomes.Count(o => o is FreezeOutcome.Frozen).ShouldBe(1);
        outcomes.Count(o => o is FreezeOutcome.AlreadyFrozen).ShouldBe(7);
        var winner = outcomes.OfType<FreezeOutcome.Frozen>().Single().Account.FrozenReason;
        (await world.ReloadAsync(mira.Id)).ShouldSatisfyAllConditions(a => a.FrozenReason.ShouldBe(winner), a => a.Version.ShouldBe(2));
    }

    [Fact]
    public async Task A_game_out_of_reach_fails_the_answer_and_the_relay_tells_it_later()
    {
        await using var world = await AccountWorld.CreateAsync(RecordingGame.Options);
        var mira = await world.PersonAsync("mira");
        var game = world.Db.Get<RecordingGame>();
        game.IsDown = true;

        await Should.ThrowAsync<NpgsqlException>(world.Db.Get<FreezeAccount>().RunAsync(mira.Id, "reason", world.Operator));
        (await world.ReloadAsync(mira.Id)).FrozenAt.ShouldNotBeNull();
        (await world.CountAsync("select count(*) from core.outbox where delivered_at is null")).ShouldBe(1);

        game.IsDown = false;
        var relay = world.Db.Get<RelayAccountChanges>();
        (await relay.RunAsync(CancellationToken.None)).ShouldBe("1 account changes delivered");
        (await relay.RunAsync(CancellationToken.None)).ShouldBe("0 account changes delivered");
        game.Seen.Single().FrozenAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_game_out_of_reach_does_not_fail_a_change_of_name()
    {
        await using var world = await AccountWorld.CreateAsync(RecordingGame.Options);
        var mira = await world.PersonAsync("mira");
        world.Db.Get<RecordingGame>().IsDown = true;

        (await world.Db.Get<UpdateProfile>().RunAsync(mira.Id, new("Mira"), Actor.Player(mira.Id, world.Clock))).ShouldBeOfType<UpdateProfileOutcome.Updated>();

        (await world.CountAsync("select count(*) from core.outbox where delivered_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task Players_freeze_nobody_and_a_freeze_needs_a_reason()
    {
        await using var world = await AccountWorld.CreateAsync();
        var mira = await world.PersonAsync("mira");
        var freeze = world.Db.Get<FreezeAccount>();

        (await freeze.RunAsync(mira.Id, "reason", Actor.Player(mira.Id, world.Clock))).ShouldBeOfType<FreezeOutcome.NotAllowed>();
        (await freeze.RunAsync(mira.Id, " ", world.Operator)).ShouldBeOfType<FreezeOutcome.Invalid>();
        (await freeze.RunAsync(Guid.Empty, "reason", world.Operator)).ShouldBeOfType<FreezeOutcome.NotFound>();
        (await world.Db.Get<UnfreezeAccount>().RunAsync(mira.Id, world.Operator)).ShouldBeOfType<UnfreezeOutcome.NotFrozen>();
        (await world.ActivityAsync("account.freeze")).ShouldBe([AccountErrors.NotAllowed, AccountErrors.NotFound]);
    }
}

/// <summary>A game that writes down what it is told, and can be out of reach.</summary>
internal sealed class RecordingGame : IAccountProjection
{
    private readonly ConcurrentQueue<PublicAccount> _seen = new();

    public static TestDatabaseOptions Options { get; } = new(Modules: b => TestModules.AddAll(b).AddModule<RecordingGameModule>());

    public bool IsDown { get; set; }

    public IReadOnlyList<PublicAccount> Seen => [.. _seen];

    public Task ApplyAsync(PublicAccount account, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new NpgsqlException("out of reach");
        _seen.Enqueue(account);
        return Task.CompletedTask;
    }
}

internal sealed class RecordingGameModule : IGameModule
{
    public static string Schema => "recording_game";

    public static void Register(ModuleRegistration module) => module.AccountProjection<RecordingGame>();
}
