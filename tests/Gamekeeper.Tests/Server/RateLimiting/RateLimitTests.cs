using System.Net;
using System.Net.Http.Json;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Server.RateLimiting;

public sealed class RateLimitTests
{
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Gamekeeper:RateLimit:PerMinute"] = "100",
        ["Gamekeeper:RateLimit:SignInPerMinute"] = "10",
        ["Gamekeeper:RateLimit:ServiceKeyPerMinute"] = "150",
    };

    [Fact]
    public async Task Request_101_within_a_minute_is_refused_and_after_the_minute_one_passes()
    {
        var clock = new ManualClock();
        await using var server = await ServerHost.StartAsync(ServerHost.NoDatabase, Defaults, b => b.Services.AddSingleton<TimeProvider>(clock));
        for (var i = 0; i < 100; i++)
        {
            using var passes = await server.Client.GetAsync("/v1/nothing");
            passes.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        clock.Advance(TimeSpan.FromSeconds(15));
        using var refused = await server.Client.GetAsync("/v1/nothing");
        await refused.ProblemAsync(429, "request.rate-limited");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(45));
        using var probe = await server.Client.GetAsync("/health/live");
        probe.StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromSeconds(45));
        using var later = await server.Client.GetAsync("/v1/nothing");
        later.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Sign_ins_have_a_tighter_limit_of_their_own()
    {
        await using var server = await ServerHost.StartAsync(ServerHost.NoDatabase, Defaults);
        for (var i = 0; i < 10; i++)
        {
            using var refusedForItself = await server.Client.PostAsJsonAsync("/v1/sessions", new { });
            refusedForItself.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
        using var tooMany = await server.Client.PostAsJsonAsync("/v1/sessions", new { });
        await tooMany.ProblemAsync(429, "request.rate-limited");
        using var signUp = await server.Client.PostAsJsonAsync("/v1/accounts", new { });
        signUp.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/v1/sessions")]
    [InlineData("/v1/accounts")]
    public async Task A_credential_however_made_up_does_not_lift_the_tighter_limit(string path)
    {
        // No database: a key that is one, or none, is counted by its address before anybody looks it up.
        await using var server = await ServerHost.StartAsync(ServerHost.NoDatabase, Defaults);
        var statuses = new List<int>();
        for (var i = 0; i < 11; i++)
        {
            using var client = server.NewClient(i % 2 == 0 ? "gk_x" : "no-token");
            using var answer = await client.PostAsJsonAsync(path, new { });
            statuses.Add((int)answer.StatusCode);
        }
        statuses[..10].ShouldNotContain(429);
        statuses[10].ShouldBe(429);
    }

    [Fact]
    public async Task Of_a_wave_of_invented_keys_no_more_are_answered_than_an_address_may_send()
    {
        await using var world = await ServerWorld.CreateAsync(Defaults);
        var invalid = world.Client($"gk_{Guid.Empty:N}_{new string('A', 43)}");
        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 130).Select(async _ =>
            {
                using var answer = await invalid.GetAsync("/v1/summoners-grid/packs");
                return (int)answer.StatusCode;
            })
        );
        statuses.Count(s => s == 429).ShouldBe(30);
    }

    [Fact]
    public async Task Metrics_asked_with_a_credential_are_counted_and_without_one_are_not()
    {
        var tight = new Dictionary<string, string?>(Defaults) { ["Gamekeeper:RateLimit:PerMinute"] = "2" };
        await using var server = await ServerHost.StartAsync(ServerHost.NoDatabase, tight);
        using var client = server.NewClient("no-token");
        (await StatusesAsync(client, "/metrics"))[2..].ShouldBe([429, 429]);
        (await StatusesAsync(server.Client, "/metrics")).ShouldNotContain(429);
    }

    [Fact]
    public async Task A_service_key_is_counted_as_itself_and_an_invalid_one_against_its_address()
    {
        await using var world = await ServerWorld.CreateAsync(Defaults);
        var key = await world.ServiceAsync("operate");
        for (var i = 0; i < 150; i++)
        {
            using var passes = await key.GetAsync("/v1/ops/service-keys");
            passes.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        using var spent = await key.GetAsync("/v1/ops/service-keys");
        await spent.ProblemAsync(429, "request.rate-limited");
        using var address = await world.Anonymous.GetAsync("/v1/nothing");
        address.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var invalid = world.Client("gk_" + new string('a', 43));
        for (var i = 0; i < 100; i++)
        {
            using var unknown = await invalid.GetAsync("/v1/ops/service-keys");
            unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        using var guessing = await invalid.GetAsync("/v1/ops/service-keys");
        await guessing.ProblemAsync(429, "request.rate-limited");
    }

    [Fact]
    public async Task A_forwarded_address_counts_only_when_a_trusted_proxy_says_it()
    {
        var tight = new Dictionary<string, string?>(Defaults) { ["Gamekeeper:RateLimit:PerMinute"] = "2" };
        await using var distrusting = await ServerHost.StartAsync(ServerHost.NoDatabase, tight);
        (await StatusesAsync(distrusting.Client)).ShouldBe([404, 404, 429, 429]);

        tight["Gamekeeper:TrustedProxies:0"] = "127.0.0.0/8";
        await using var trusting = await ServerHost.StartAsync(ServerHost.NoDatabase, tight);
        (await StatusesAsync(trusting.Client)).ShouldBe([404, 404, 404, 404]);
    }

    private static async Task<int[]> StatusesAsync(HttpClient client, string path = "/v1/nothing")
    {
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-Forwarded-For", $"192.0.2.{i}");
            using var answer = await client.SendAsync(request);
            statuses.Add((int)answer.StatusCode);
        }
        return [.. statuses];
    }
}
