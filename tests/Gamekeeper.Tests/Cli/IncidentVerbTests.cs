using Gamekeeper.Accounts;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid;

namespace Gamekeeper.Tests.Cli;

/// <summary>A night with a duped card, as docs/operating/duped-cards.md tells it.</summary>
public class IncidentVerbTests
{
    [Fact]
    public async Task Freeze_look_plan_apply_verify_and_let_go()
    {
        await using var world = await GridWorld.CreateAsync();
        await world.Get<OneTimeCodes>().CreateOperatorCodeAsync();
        var (house, hacker, bob) = (await world.NewPlayerAsync(), await world.NewPlayerAsync(), await world.NewPlayerAsync());
        var bobs = (await world.MintAsync(bob, 1))[0];
        var minted = (await world.Get<MintCards>().RunAsync(world.Service, new MintOrder(hacker.Key, ["alpha-001"]), world.NewKey()))
            .ShouldBeOfType<MintOutcome.Minted>();
        var dupe = minted.CardIds[0];
        (await world.AcceptAsync(bob, await world.ProposeAsync(hacker, bob, [dupe], [bobs]))).ShouldBeOfType<AcceptTradeOutcome.Accepted>();

        var look = await RunAsync(world.Database, "lineage", "--operation", $"{minted.OperationId}", "--freeze", "--as", "operator", "--reason", "duped");
        look.ExitCode.ShouldBe(0, look.ToString());
        look.Errors.ShouldContain("2 cards frozen now, 2 in all.");
        look.Output.ShouldContain($"└─ {dupe} (alpha-001) frozen: pack_opening to player2, trade to player3");
        look.Output.ShouldContain($"   └─ {bobs}");
        (await world.Get<TransferCard>().RunAsync(bob, dupe, bob.Key, hacker.Key, "gift", world.NewKey())).ShouldBeOfType<TransferCardOutcome.CardFrozen>();

        var json = await RunAsync(world.Database, "lineage", "--card", $"{dupe}", "--format", "json");
        json.Json.GetProperty("cards").GetArrayLength().ShouldBe(2, json.ToString());
        json.Json.GetProperty("cards")[1].GetProperty("bought_with").GetGuid().ShouldBe(dupe);

        var plan = await RunAsync(world.Database, "compensate", "--operation", $"{minted.OperationId}", "--bad", "player2", "--quarantine", $"{house.Key}", "--format", "json");
        plan.ExitCode.ShouldBe(0, plan.ToString());
        var id = plan.Json.GetProperty("id").GetString()!;
        (await world.OwnerOfAsync(dupe)).ShouldBe(bob.Key);

        (await RunAsync(world.Database, "unfreeze", "--plan", id, "--as", "operator")).Errors.ShouldContain("compensations.not-applied");
        var unnamed = await RunAsync(world.Database, "compensate", "--apply", id, "--as", "player3", "--reason", "mine");
        unnamed.ExitCode.ShouldBe(4, unnamed.ToString());
        var applied = await RunAsync(world.Database, "compensate", "--apply", id, "--as", "operator", "--reason", "duped by the shop");
        applied.ExitCode.ShouldBe(0, applied.ToString());
        applied.Output.ShouldContain("2 cards move, 1 of them into quarantine; 0 stay.");
        applied.Output.ShouldContain("by operator, operation");
        (await world.OwnerOfAsync(dupe)).ShouldBe(house.Key);
        (await world.OwnerOfAsync(bobs)).ShouldBe(bob.Key);
        (await world.Database.ScalarAsync<string>(
            TestRole.Superuser,
            "select a.username || ' ' || l.actor_kind from summoners_grid.activity_log l join core.accounts a on a.id = l.user_id where l.action = 'compensation.apply' and l.succeeded"
        )).ShouldBe("operator operator");

        var free = await RunAsync(world.Database, "unfreeze", "--plan", id, "--as", "operator");
        free.Output.ShouldContain("1 freed", customMessage: free.ToString());
        await world.TransferAsync(bobs, bob, hacker);
        (await world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_plan_could_not_put_right_stays_frozen_when_the_rest_is_let_go()
    {
        await using var world = await GridWorld.CreateAsync();
        await world.Get<OneTimeCodes>().CreateOperatorCodeAsync();
        var (house, hacker, bob) = (await world.NewPlayerAsync(), await world.NewPlayerAsync(), await world.NewPlayerAsync());
        var bobs = (await world.MintAsync(bob, 1))[0];
        var minted = (await world.Get<MintCards>().RunAsync(world.Service, new MintOrder(hacker.Key, ["alpha-001", "alpha-002"]), world.NewKey()))
            .ShouldBeOfType<MintOutcome.Minted>();
        (await world.AcceptAsync(bob, await world.ProposeAsync(hacker, bob, [minted.CardIds[0]], [bobs]))).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        await RunAsync(world.Database, "lineage", "--operation", $"{minted.OperationId}", "--freeze", "--as", "operator", "--reason", "duped");
        await world.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.card_instances set signature = repeat('legacy', 12) where id = '{bobs}'");

        var plan = await RunAsync(world.Database, "compensate", "--operation", $"{minted.OperationId}", "--bad", "player2", "--quarantine", "player1", "--format", "json");
        var id = plan.Json.GetProperty("id").GetString()!;
        (await RunAsync(world.Database, "compensate", "--apply", id, "--as", "operator", "--reason", "duped")).ExitCode.ShouldBe(0);
        var free = await RunAsync(world.Database, "unfreeze", "--plan", id, "--as", "operator");

        free.ExitCode.ShouldBe(4, free.ToString());
        (await world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.card_instances where frozen_at is not null")).ShouldBe(3);
    }

    [Fact]
    public async Task What_makes_no_sense_ends_with_2_and_what_is_refused_with_4()
    {
        await using var world = await GridWorld.CreateAsync();
        await world.Get<OneTimeCodes>().CreateOperatorCodeAsync();
        var card = (await world.MintAsync(await world.NewPlayerAsync(), 1))[0];

        (await RunAsync(world.Database, "lineage")).ExitCode.ShouldBe(2);
        (await RunAsync(world.Database, "lineage", "--card", $"{card}", "--event", $"{card}")).ExitCode.ShouldBe(2);
        (await RunAsync(world.Database, "lineage", "--card", $"{card}", "--freeze")).ExitCode.ShouldBe(2);
        (await RunAsync(world.Database, "lineage", "--card", $"{Guid.CreateVersion7()}")).ExitCode.ShouldBe(4);
        (await RunAsync(world.Database, "compensate")).ExitCode.ShouldBe(2);
        (await RunAsync(world.Database, "compensate", "--card", $"{card}")).Errors.ShouldContain("compensations.quarantine-required");
        (await RunAsync(world.Database, "freeze", $"{card}", "--as", "player1", "--reason", "duped")).Errors.ShouldContain("authorization.not-allowed");
        (await RunAsync(world.Database, "freeze", $"{card}", "--as", "operator", "--reason", "Jane Doe")).ExitCode.ShouldBe(2);
        (await RunAsync(world.Database, "freeze", $"{card}", "--as", "operator", "--reason", "duped")).Output.ShouldContain("1 frozen");
    }

    private static Task<CliResult> RunAsync(TestDatabase database, params string[] arguments) =>
        CliProcess.RunAsync(
            "/nowhere",
            new Dictionary<string, string?>
            {
                ["ConnectionStrings__Postgres"] = database.ConnectionString(TestRole.App),
                ["ConnectionStrings__PostgresOwner"] = database.ConnectionString(TestRole.Owner),
                ["Gamekeeper__MasterKey"] = TestDatabase.MasterKeyText,
            },
            ["card", .. arguments]
        );
}
