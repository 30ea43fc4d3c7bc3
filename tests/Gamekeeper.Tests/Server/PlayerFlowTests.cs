using System.Net;
using Gamekeeper.Caching;
using Gamekeeper.SummonersGrid.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Server;

public sealed class PlayerFlowTests : IAsyncLifetime
{
    private const string Players = "/v1/summoners-grid/players";

    private ServerWorld _world = null!;
    private Person _ann = null!;
    private Person _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync();
        (_ann, _bob) = (await _world.PlayerAsync(), await _world.PlayerAsync());
        // The first call to the game makes the player's row.
        using var first = await _bob.Client.GetAsync($"{Players}/{_bob.Id}");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("search=LAYER2")]
    [InlineData("search=layer2&mode=substring&limit=1")]
    [InlineData("search=player2&mode=words")]
    public async Task A_player_is_found_with_public_columns_only(string query)
    {
        using var found = await _ann.Client.GetAsync($"{Players}?{query}");
        var player = (await found.JsonAsync()).GetProperty("items").EnumerateArray().Single();
        player.GetProperty("id").GetGuid().ShouldBe(_bob.Id);
        player.EnumerateObject().Select(m => m.Name).ShouldBe(["id", "username", "displayName", "avatarUrl", "level", "rating"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("search=")]
    [InlineData("search=%20")]
    [InlineData("search=abc&limit=101")]
    [InlineData("search=abc&mode=regex")]
    public async Task A_question_out_of_its_limits_is_refused(string query)
    {
        using var refused = await _ann.Client.GetAsync($"{Players}?{query}");
        await refused.ProblemAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_profile_shows_what_is_public_and_a_closed_account_has_none()
    {
        using var shown = await _ann.Client.GetAsync($"{Players}/{_bob.Id}");
        (await shown.JsonAsync()).GetProperty("rating").GetInt32().ShouldBe(1000);
        using var nobody = await _ann.Client.GetAsync($"{Players}/{Guid.CreateVersion7()}");
        await nobody.ProblemAsync(404, "players.not-found");
        await _world.Database.ExecuteAsync(Harness.TestRole.Superuser, $"update summoners_grid.users set is_active = false where id = '{_bob.Id}'");
        // Nobody acknowledged that to anybody, so the caches are told in their own time.
        await Harness.Soon.TrueAsync(async () => (await _ann.Client.GetAsync($"{Players}/{_bob.Id}")).StatusCode == HttpStatusCode.NotFound);
        using var closed = await _ann.Client.GetAsync($"{Players}/{_bob.Id}");
        await closed.ProblemAsync(404, "players.not-found");
    }

    [Fact]
    public async Task Leaderboards_show_places_and_public_columns_only()
    {
        await _world.Database.ExecuteAsync(Harness.TestRole.Superuser, $"update summoners_grid.users set rating = 1700, peak_rating = 1700 where id = '{_bob.Id}'");
        // Bounded by time alone, and warmed at start: dropped by hand.
        await _world.Server.Services.GetRequiredService<GameCache>().DropAsync(SummonersGridCache.Leaderboard, "rating");
        using var shown = await _ann.Client.GetAsync("/v1/summoners-grid/leaderboards/rating");
        var first = (await shown.JsonAsync()).GetProperty("entries").EnumerateArray().First();
        first.GetProperty("playerId").GetGuid().ShouldBe(_bob.Id);
        (first.GetProperty("position").GetInt32(), first.GetProperty("rank").GetInt32(), first.GetProperty("score").GetInt32()).ShouldBe((1, 1, 1700));
        first.EnumerateObject().Select(m => m.Name).ShouldBe(["position", "rank", "score", "playerId", "username", "displayName", "avatarUrl"], ignoreOrder: true);
        using var wins = await _ann.Client.GetAsync("/v1/summoners-grid/leaderboards/wins");
        wins.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var unknown = await _ann.Client.GetAsync("/v1/summoners-grid/leaderboards/height");
        await unknown.ProblemAsync(400, "request.invalid");
    }
}
