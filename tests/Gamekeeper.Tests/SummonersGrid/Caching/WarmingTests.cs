using Gamekeeper.Caching.Warming;
using Gamekeeper.Paging;
using Gamekeeper.Scheduling;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

public sealed class WarmingTests
{
    [Fact]
    public async Task A_warmed_player_is_read_without_a_statement()
    {
        await using var grid = await CachedGrid.CreateAsync();
        await grid.World.MintAsync(grid.A, 3);

        (await grid.Get<PlayerCaches>().WarmAsync(grid.A.Key)).ShouldBe(3);

        (await grid.Process.RoundTripsAsync(async () =>
        {
            (await grid.Get<PlayerRepository>().FindAsync(grid.A.Key)).ShouldNotBeNull();
            (await grid.Get<PlayerRepository>().StatsAsync(grid.A.Key))!.CardsOwned.ShouldBe(3);
            (await grid.Get<CardRepository>().ByOwnerAsync(grid.A.Key, new PageRequest())).ShouldBeOfType<PageOutcome<OwnedCard>.Given>().Page.Count.ShouldBe(3);
        })).ShouldBe(0);
        (await grid.Get<PlayerCaches>().WarmAsync(Guid.CreateVersion7())).ShouldBe(1);
    }

    [Fact]
    public async Task The_hundred_templates_used_most_are_warmed_and_no_other()
    {
        await using var grid = await CachedGrid.CreateAsync();
        await UseAsync(grid, 150);

        var warmed = await grid.Get<CacheWarming>().RunAsync("summoners_grid.popular-templates");

        warmed.ShouldHaveSingleItem().Keys.ShouldBe(100);
        grid.Process.Held(SummonersGridCache.Template).ShouldBe(100);
        for (var i = 1; i <= 150; i++)
            grid.Process.Holds(SummonersGridCache.Template, $"used-{i:000}").ShouldBe(i > 50, $"used-{i:000}");
    }

    [Fact]
    public async Task All_warmers_run_as_a_job_and_once_the_node_serves()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var job = grid.Get<WarmCaches>();
        (await ((IJob)job).RunAsync(CancellationToken.None)).ShouldBe("102 values read by 2 warmers");
        await grid.Get<CacheWarming>().RunAsync();

        var atStart = grid.World.Database.Services.GetServices<IHostedService>().OfType<WarmAtStart>().ShouldHaveSingleItem();
        await atStart.StartAsync(CancellationToken.None);
        await atStart.ExecuteTask!;
    }

    [Fact]
    public async Task A_node_that_answers_from_no_cache_warms_nothing()
    {
        await using var world = await GridWorld.CreateAsync();

        (await world.Get<CacheWarming>().RunAsync()).ShouldBeEmpty();
        (await ((IJob)world.Get<WarmCaches>()).RunAsync(CancellationToken.None)).ShouldBe("this node answers from no cache");
        (await world.Get<PlayerCaches>().WarmAsync((await world.NewPlayerAsync()).Key)).ShouldBe(0);
    }

    // The higher the number, the more uses; the Alpha set has none.
    private static Task<int> UseAsync(CachedGrid grid, int count) =>
        grid.World.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            insert into summoners_grid.card_templates (id, name, type, rarity, usage_count)
            select 'used-' || lpad(i::text, 3, '0'), 'Used', 'summon', 'common', i from generate_series(1, {count}) i
            """
        );
}
