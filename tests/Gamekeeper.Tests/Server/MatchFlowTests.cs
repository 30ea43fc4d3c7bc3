using System.Net;
using System.Text.Json;

namespace Gamekeeper.Tests.Server;

public sealed class MatchFlowTests : IAsyncLifetime
{
    private const string Grid = "/v1/summoners-grid";

    private ServerWorld _world = null!;
    private HttpClient _game = null!;
    private Person _ann = null!;
    private Person _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync(withCards: true);
        _game = await _world.ServiceAsync("report");
        (_ann, _bob) = (await _world.PlayerAsync(), await _world.PlayerAsync());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_match_is_started_finished_and_seen_by_everyone()
    {
        var match = await StartAsync("wire-1");
        using var again = await _world.PostAsync(_game, $"{Grid}/matches", Start("wire-1"));
        again.Headers.GetValues("Idempotency-Replayed").Single().ShouldBe("true");
        (await again.JsonAsync()).GetProperty("id").GetGuid().ShouldBe(match);
        using var other = await _world.PostAsync(_game, $"{Grid}/matches", Start("wire-1", mode: "casual"));
        await other.ProblemAsync(409, "matches.game-id-taken");
        (await ItemsAsync(_bob.Client, "matches")).Single().GetProperty("status").GetString().ShouldBe("active");

        var result = new { winnerId = _ann.Id, data = new { turns = 12 }, templateIds = new[] { "alpha-001" } };
        using var finished = await _world.PostAsync(_game, $"{Grid}/matches/{match}/finish", result, "finish");
        var answer = await finished.JsonAsync();
        answer.GetProperty("status").GetString().ShouldBe("completed");
        answer.GetProperty("ratingChanges").EnumerateArray().Select(c => c.GetProperty("change").GetInt32()).ShouldBe([16, -16]);
        using var replayed = await _world.PostAsync(_game, $"{Grid}/matches/{match}/finish", result, "finish");
        replayed.Headers.GetValues("Idempotency-Replayed").Single().ShouldBe("true");
        (await replayed.Content.ReadAsStringAsync()).ShouldBe(await finished.Content.ReadAsStringAsync());
        using var second = await _world.PostAsync(_game, $"{Grid}/matches/{match}/finish", new { isDraw = true });
        await second.ProblemAsync(409, "matches.ended");

        (await ItemsAsync(_bob.Client, "matches")).ShouldBeEmpty();
        (await ItemsAsync(_bob.Client, "matches?gameId=wire-1")).Single().GetProperty("winnerId").GetGuid().ShouldBe(_ann.Id);
        (await ItemsAsync(_ann.Client, $"players/{_bob.Id}/matches?status=completed")).Single().GetProperty("id").GetGuid().ShouldBe(match);
        using var stats = await _bob.Client.GetAsync($"{Grid}/players/{_ann.Id}/stats");
        var numbers = await stats.JsonAsync();
        (numbers.GetProperty("totalGames").GetInt32(), numbers.GetProperty("winRate").GetDouble(), numbers.GetProperty("rating").GetInt32()).ShouldBe((1, 1.0, 1016));
        using var data = await _bob.Client.GetAsync($"{Grid}/matches/{match}/data");
        (await data.JsonAsync()).GetProperty("data").GetProperty("turns").GetInt32().ShouldBe(12);
        using var curious = await (await _world.PlayerAsync()).Client.GetAsync($"{Grid}/matches/{match}/data");
        await curious.ProblemAsync(403, "authorization.not-allowed");
    }

    [Fact]
    public async Task A_player_reports_nothing()
    {
        var match = await StartAsync("wire-2");
        foreach (var (path, body) in new (string, object)[]
        {
            ("matches", Start("wire-3")),
            ($"matches/{match}/finish", new { winnerId = _ann.Id }),
            ($"matches/{match}/abandon", new { }),
            ("players/stats", new { updates = new[] { new { playerId = _ann.Id, rating = 5000 } } }),
        })
        {
            using var refused = await _world.PostAsync(_ann.Client, $"{Grid}/{path}", body);
            await refused.ProblemAsync(403, "authorization.not-allowed");
            using var otherKey = await _world.PostAsync(await _world.ServiceAsync("mint", "grant", "import", "operate"), $"{Grid}/{path}", body);
            await otherKey.ProblemAsync(403, "authorization.not-allowed");
        }
        using var still = await _ann.Client.GetAsync($"{Grid}/matches/{match}");
        (await still.JsonAsync()).GetProperty("status").GetString().ShouldBe("active");
    }

    [Fact]
    public async Task A_winner_that_was_forgotten_is_no_draw_and_a_stranger_wins_nothing()
    {
        var match = await StartAsync("wire-4");
        foreach (var body in new object[] { new { }, new { winnerId = _ann.Id, isDraw = true }, new { isDraw = false }, new { winnerId = Guid.CreateVersion7() } })
        {
            using var refused = await _world.PostAsync(_game, $"{Grid}/matches/{match}/finish", body);
            (await refused.ProblemAsync(400, "request.invalid")).GetProperty("errors").TryGetProperty("winnerId", out _).ShouldBeTrue();
        }
        using var abandoned = await _world.PostAsync(_game, $"{Grid}/matches/{match}/abandon", new { });
        (await abandoned.JsonAsync()).GetProperty("status").GetString().ShouldBe("abandoned");
        using var nowhere = await _world.PostAsync(_game, $"{Grid}/matches/{Guid.CreateVersion7()}/abandon", new { });
        await nowhere.ProblemAsync(404, "matches.unknown");
    }

    [Fact]
    public async Task Numbers_of_several_players_are_set_all_or_none()
    {
        await StartAsync("wire-5");
        using var set = await _world.PostAsync(
            _game,
            $"{Grid}/players/stats",
            new { updates = new object[] { new { playerId = _ann.Id, level = 3 }, new { playerId = _bob.Id, rating = 1200 } } }
        );
        (await set.JsonAsync()).GetProperty("players").GetInt32().ShouldBe(2);
        using var unknown = await _world.PostAsync(
            _game,
            $"{Grid}/players/stats",
            new { updates = new object[] { new { playerId = _ann.Id, level = 9 }, new { playerId = Guid.CreateVersion7(), level = 9 } } }
        );
        await unknown.ProblemAsync(422, "players.unknown");
        using var wrong = await _world.PostAsync(_game, $"{Grid}/players/stats", new { updates = new object[] { new { playerId = _ann.Id, gamesWon = 1 } } });
        (await wrong.ProblemAsync(400, "request.invalid")).GetProperty("errors").TryGetProperty("updates[0].gamesWon", out _).ShouldBeTrue();
        using var nothing = await _world.PostAsync(_game, $"{Grid}/players/stats", new { updates = Array.Empty<object>() });
        nothing.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stats = await _ann.Client.GetAsync($"{Grid}/players/{_ann.Id}/stats");
        (await stats.JsonAsync()).GetProperty("level").GetInt32().ShouldBe(3);
    }

    private object Start(string gameId, string mode = "ranked") => new { gameId, gameMode = mode, playerAId = _ann.Id, playerBId = _bob.Id };

    private async Task<Guid> StartAsync(string gameId)
    {
        using var started = await _world.PostAsync(_game, $"{Grid}/matches", Start(gameId));
        started.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await started.JsonAsync()).GetProperty("id").GetGuid();
    }

    private static async Task<List<JsonElement>> ItemsAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync($"{Grid}/{path}");
        return [.. (await answer.JsonAsync()).GetProperty("items").EnumerateArray()];
    }
}
