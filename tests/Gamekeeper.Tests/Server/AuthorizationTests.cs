using System.Net;
using System.Net.Http.Json;
using Gamekeeper.Accounts;
using Gamekeeper.Transactions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Server;

public sealed class AuthorizationTests : IAsyncLifetime
{
    private ServerWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ServerWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>What is expected of anonymous, player, key without the scope, key with it, operator.</summary>
    [Theory]
    [InlineData("GET", "/v1/accounts/me", "", "401 200 403 403 200")]
    [InlineData("GET", "/v1/sessions", "", "401 200 403 403 200")]
    [InlineData("GET", "/v1/integrity/keys", "", "200 200 200 200 200")]
    [InlineData("GET", "/v1/summoners-grid/card-templates", "", "200 200 200 200 200")]
    [InlineData("GET", "/v1/summoners-grid/players?search=abc", "", "401 200 200 200 200")]
    [InlineData("GET", "/v1/summoners-grid/cards/01936f3e-5c1a-7000-8000-2b1d5c9e7a10", "", "401 404 404 404 404")]
    [InlineData("POST", "/v1/summoners-grid/cards", "mint", "401 403 403 400 400")]
    [InlineData("POST", "/v1/summoners-grid/packs/alpha-booster/open", "grant", "401 403 403 400 400")]
    [InlineData("POST", "/v1/summoners-grid/card-templates/import", "import", "401 403 403 422 422")]
    [InlineData("POST", "/v1/summoners-grid/matches", "report", "401 403 403 400 400")]
    [InlineData("POST", "/v1/summoners-grid/matches/01936f3e-5c1a-7000-8000-2b1d5c9e7a10/finish", "report", "401 403 403 400 400")]
    [InlineData("POST", "/v1/summoners-grid/matches/01936f3e-5c1a-7000-8000-2b1d5c9e7a10/abandon", "report", "401 403 403 404 404")]
    [InlineData("POST", "/v1/summoners-grid/players/stats", "report", "401 403 403 400 400")]
    [InlineData("GET", "/v1/summoners-grid/matches", "", "401 200 200 200 200")]
    [InlineData("GET", "/v1/summoners-grid/decks", "", "401 200 200 200 200")]
    [InlineData("GET", "/v1/summoners-grid/decks/public", "", "401 200 200 200 200")]
    [InlineData("POST", "/v1/summoners-grid/decks", "", "401 400 403 403 400")]
    [InlineData("DELETE", "/v1/summoners-grid/decks/01936f3e-5c1a-7000-8000-2b1d5c9e7a10", "", "401 404 403 403 404")]
    [InlineData("GET", "/v1/ops/service-keys", "operate", "401 403 403 200 200")]
    [InlineData("GET", "/v1/ops/audit", "operate", "401 403 403 200 200")]
    [InlineData("GET", "/v1/ops/activity", "operate", "401 403 403 200 200")]
    [InlineData("POST", "/v1/ops/service-keys", "operate", "401 403 403 400 400")]
    [InlineData("POST", "/v1/ops/verify", "operate", "401 403 403 200 200")]
    [InlineData("GET", "/v1/ops/summoners-grid/lineage", "operate", "401 403 403 400 400")]
    [InlineData("POST", "/v1/ops/summoners-grid/lineage/freeze", "operate", "401 403 403 400 400")]
    [InlineData("POST", "/v1/ops/summoners-grid/compensations", "operate", "401 403 403 400 400")]
    [InlineData("POST", "/v1/ops/summoners-grid/compensations/01936f3e-5c1a-7000-8000-2b1d5c9e7a10/apply", "operate", "401 403 403 400 400")]
    [InlineData("POST", "/v1/ops/summoners-grid/cards/freeze", "operate", "401 403 403 400 400")]
    [InlineData("POST", "/v1/ops/summoners-grid/cards/unfreeze", "operate", "401 403 403 400 400")]
    [InlineData("GET", "/v1/ops/database/slow-queries", "operate", "401 403 403 200 200")]
    [InlineData("GET", "/v1/ops/database/table-sizes", "operate", "401 403 403 200 200")]
    [InlineData("GET", "/v1/ops/database/column-statistics", "operate", "401 403 403 200 200")]
    [InlineData("GET", "/v1/ops/database/index-advice", "operate", "401 403 403 200 200")]
    [InlineData("GET", "/health", "operate", "401 403 403 200 200")]
    public async Task Each_operation_answers_those_it_is_for(string method, string path, string scope, string expected)
    {
        var player = await _world.PlayerAsync();
        var others = Gamekeeper.Accounts.ServiceScopes.All.Where(s => s != scope).Take(1).ToArray();
        HttpClient[] callers =
        [
            _world.Anonymous,
            player.Client,
            await _world.ServiceAsync(others),
            await _world.ServiceAsync(scope.Length > 0 ? scope : "report"),
            (await _world.OperatorAsync()).Client,
        ];
        var given = new List<int>();
        foreach (var caller in callers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
            if (method == "POST" && path != "/v1/ops/verify")
            {
                request.Content = JsonContent.Create(new { });
                request.Headers.Add("Idempotency-Key", "k");
            }
            using var answer = await caller.SendAsync(request);
            given.Add((int)answer.StatusCode);
        }
        string.Join(' ', given).ShouldBe(expected);
    }

    [Fact]
    public void Every_operation_says_who_may_call_it_or_is_on_the_list_of_open_ones()
    {
        string[] open =
        [
            // resetPassword takes a one-time code; checkpoints are there for anybody to hold against what they see later.
            "live", "ready", "metrics", "signUp", "resetPassword", "getAccount", "signIn", "refreshSession",
            "listPublicKeys", "listCheckpoints", "getCheckpoint", "listCardTemplates", "getCardTemplate", "listPacks",
        ];
        var unguarded = _world
            .Server.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null && e.Metadata.GetMetadata<IAuthorizeData>() is null)
            .Select(e => e.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName);
        unguarded.ShouldBe(open, ignoreOrder: true);
    }

    [Fact]
    public async Task A_revoked_key_and_one_that_never_was_are_refused()
    {
        var op = await _world.OperatorAsync();
        using var made = await op.Client.PostAsJsonAsync("/v1/ops/service-keys", new { name = "game server", scopes = new[] { "operate" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var body = await made.JsonAsync();
        var server = _world.Client(body.GetProperty("text").GetString()!);
        using var before = await server.GetAsync("/v1/ops/service-keys");
        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await before.Content.ReadAsStringAsync()).ShouldNotContain(body.GetProperty("text").GetString()!);

        using var revoked = await op.Client.DeleteAsync($"/v1/ops/service-keys/{body.GetProperty("key").GetProperty("id").GetGuid()}");
        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var after = await server.GetAsync("/v1/ops/service-keys");
        await after.ProblemAsync(401, "authentication.refused");
        using var never = await _world.Client("gk_" + new string('a', 43)).GetAsync("/v1/ops/service-keys");
        await never.ProblemAsync(401, "authentication.refused");
    }

    [Fact]
    public async Task A_service_key_makes_no_other_keys()
    {
        var server = await _world.ServiceAsync("operate");
        using var refused = await server.PostAsJsonAsync("/v1/ops/service-keys", new { name = "another", scopes = new[] { "mint" } });
        await refused.ProblemAsync(403, "service-keys.not-allowed");
    }

    [Fact]
    public async Task A_role_that_is_taken_away_ends_with_the_next_request()
    {
        var op = await _world.OperatorAsync();
        using var before = await op.Client.GetAsync("/v1/ops/service-keys");
        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _world.Database.Get<GrantRole>().RevokeAsync(op.Id, AccountRoles.Operator, Actor.System(_world.Database.Clock))).ShouldBeOfType<GrantRoleOutcome.Done>();
        using var after = await op.Client.GetAsync("/v1/ops/service-keys");
        await after.ProblemAsync(403, "authorization.not-allowed");
    }
}
