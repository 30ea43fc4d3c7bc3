using System.Globalization;
using Gamekeeper.Paging;
using Gamekeeper.Redis;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Leaderboards;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

/// <summary>What stands in Redis after each object was read once.</summary>
public sealed class RedisTests
{
    [Fact]
    public async Task Each_object_stands_under_its_documented_key_for_its_documented_time()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        await using var grid = await CachedGrid.CreateAsync(redis.ConnectionString);
        var deck = await Drafts.SavedAsync(grid.World, grid.A);
        var match = (await grid.Get<StartMatch>().RunAsync(grid.World.Service, new MatchStart("game-1", "ranked", grid.A.Key, grid.B.Key)))
            .ShouldBeOfType<StartMatchOutcome.Started>().Match;
        await grid.Process.ServesAsync();

        var began = TimeProvider.System.GetTimestamp();
        await grid.Get<PlayerRepository>().FindAsync(grid.A.Key);
        await grid.Get<PlayerRepository>().StatsAsync(grid.A.Key);
        await grid.Get<CardRepository>().ByOwnerAsync(grid.A.Key, new PageRequest());
        await grid.Get<CardTemplateRepository>().FindAsync("alpha-001");
        await grid.Get<DeckRepository>().FindAsync(grid.A, deck.Id);
        await grid.Get<TradeRepository>().ByPlayerAsync(grid.A.Key, TradeStatus.Pending, new PageRequest());
        await grid.Get<MatchRepository>().FindAsync(match.Id);
        await grid.Get<LeaderboardRepository>().TopAsync(LeaderboardType.Rating);

        var epoch = await grid.World.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch");
        foreach (
            var (key, seconds) in new[]
            {
                ($"sg:user:profile:{{{grid.A.Key}}}", 300),
                ($"sg:user:collection:{{{grid.A.Key}}}", 600),
                ("sg:card:template:{alpha-001}", 3600),
                ($"sg:deck:{{{deck.Id}}}", 1800),
                ($"sg:trades:{{{grid.A.Key}}}", 60),
                ($"sg:game:{{{match.Id}}}", 30),
                ($"sg:stats:{{{grid.A.Key}}}", 900),
                ("sg:leaderboard:{rating}", 300),
            }
        )
        {
            var name = $"{key}@{epoch}";
            // A value is published behind the reader's back.
            await Soon.TrueAsync(async () => (await client.SendAsync(new RedisCommand("HEXISTS", name, "v"))).Integer == 1, name);
            var left = TimeSpan.FromMilliseconds((await client.SendAsync(new RedisCommand("PTTL", name))).Integer);
            left.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(seconds), name);
            left.ShouldBeGreaterThan(TimeSpan.FromSeconds(seconds - 2) - TimeProvider.System.GetElapsedTime(began), name);
        }
    }

    [Fact]
    public async Task A_second_process_finds_in_Redis_what_the_first_one_read()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = await redis.ClientAsync();
        await using var grid = await CachedGrid.CreateAsync(redis.ConnectionString);
        await grid.World.MintAsync(grid.A, 5);
        await using var services = grid.World.Database.SecondProcess(new(Configure: s => Tests.Caching.CachingProcess.AddTo(s, redis.ConnectionString)));
        await using var other = await Tests.Caching.CachingProcess.StartAsync(services);
        var first = await ReadAsync(grid.Get<PlayerRepository>(), grid.Get<CardRepository>(), grid);
        var epoch = await grid.World.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch");
        foreach (var key in new[] { "sg:user:profile", "sg:stats", "sg:user:collection" })
            await Soon.TrueAsync(async () => (await client.SendAsync(new RedisCommand("HEXISTS", $"{key}:{{{grid.A.Key}}}@{epoch}", "v"))).Integer == 1, key);
        await Soon.TrueAsync(async () => (await client.SendAsync(new RedisCommand("HEXISTS", $"sg:card:catalogue:{{current}}@{epoch}", "v"))).Integer == 1, "catalogue");
        T Get<T>() => (T)services.GetService(typeof(T))!;

        // It has no templates yet, which it loads once.
        string? second = null;
        (await other.RoundTripsAsync(async () => second = await ReadAsync(Get<PlayerRepository>(), Get<CardRepository>(), grid))).ShouldBeLessThanOrEqualTo(1);

        second.ShouldBe(first);
        other.Counts(Gamekeeper.SummonersGrid.Caching.SummonersGridCache.Collection).SecondLevel.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_secret_stands_in_Redis()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var client = await redis.ClientAsync();
        await using var grid = await CachedGrid.CreateAsync(redis.ConnectionString);
        var signUp = await grid.Get<Gamekeeper.Accounts.SignUp>().RunAsync(new("mira", "mira@example.com", "correct horse 7", "Mira"), Gamekeeper.Transactions.Actor.System(TimeProvider.System));
        var account = signUp.ShouldBeOfType<Gamekeeper.Accounts.SignUpOutcome.Created>().Account;
        (await grid.Get<PlayerRepository>().EnsureAsync(account.Id)).ShouldBeTrue();
        var sessions = grid.Get<Gamekeeper.Accounts.LoginSessions>();
        var session = (await sessions.SignInAsync("mira", "correct horse 7", Gamekeeper.Transactions.Actor.System(TimeProvider.System)))
            .ShouldBeOfType<Gamekeeper.Accounts.SignInOutcome.SignedIn>().Session;
        await grid.Process.ServesAsync();
        await sessions.CheckAsync(session.SessionId);
        await grid.Get<PlayerRepository>().FindAsync(account.Id);
        await grid.Get<PlayerRepository>().StatsAsync(account.Id);
        var epoch = await grid.World.Database.ScalarAsync<string>(TestRole.App, "select name from core.cache_epoch");
        await Soon.TrueAsync(async () => (await client.SendAsync(new RedisCommand("HEXISTS", $"core:session:{{{session.SessionId}}}@{epoch}", "v"))).Integer == 1, "session");

        var secrets = new[] { "mira@example.com", "correct horse 7", session.RefreshToken, "$argon", "AQAAAA" };
        var values = await ValuesAsync(client);
        values.Count.ShouldBeGreaterThan(2);
        values.ShouldContain(v => v.Contains("Mira", StringComparison.Ordinal));
        foreach (var secret in secrets)
            values.ShouldNotContain(v => v.Contains(secret, StringComparison.OrdinalIgnoreCase), secret);
    }

    private static async Task<IReadOnlyList<string>> ValuesAsync(RedisClient client)
    {
        var found = new List<string>();
        var keys = (await client.SendAsync(new RedisCommand("KEYS", "*"))).Items.ToArray().Select(k => k.Text!);
        foreach (var key in keys)
        {
            if ((await client.SendAsync(new RedisCommand("HGET", key, "v"))).Bytes is { } value)
                found.Add(key + System.Text.Encoding.UTF8.GetString(value));
        }
        return found;
    }

    private static async Task<string> ReadAsync(PlayerRepository players, CardRepository cards, CachedGrid grid)
    {
        var profile = await players.FindAsync(grid.A.Key);
        var stats = await players.StatsAsync(grid.A.Key);
        var page = (await cards.ByOwnerAsync(grid.A.Key, new PageRequest())).ShouldBeOfType<PageOutcome<OwnedCard>.Given>().Page;
        return string.Create(CultureInfo.InvariantCulture, $"{profile} {stats} {string.Join(' ', page.Items)}");
    }
}
