using System.Net;
using System.Net.Http.Json;

namespace Gamekeeper.Tests.Server;

public sealed class SessionFlowTests : IAsyncLifetime
{
    private ServerWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ServerWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Signed_up_signed_in_refreshed_and_revoked()
    {
        var ann = await _world.PlayerAsync();
        using var me = await ann.Client.GetAsync("/v1/accounts/me");
        (await me.JsonAsync()).GetProperty("username").GetString().ShouldBe(ann.Username);

        using var refreshed = await _world.Anonymous.PostAsJsonAsync("/v1/sessions/refresh", new { refreshToken = ann.RefreshToken });
        refreshed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var tokens = await refreshed.JsonAsync();
        tokens.GetProperty("sessionId").GetGuid().ShouldBe(ann.Session);
        tokens.GetProperty("refreshToken").GetString().ShouldNotBe(ann.RefreshToken);
        var renewed = _world.Client(tokens.GetProperty("accessToken").GetString()!);
        using var sessions = await renewed.GetAsync("/v1/sessions");
        (await sessions.JsonAsync()).GetProperty("items").EnumerateArray().Single().GetProperty("isCurrent").GetBoolean().ShouldBeTrue();

        using var signedOut = await renewed.DeleteAsync("/v1/sessions/current");
        signedOut.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        // Both access tokens are still well within their fifteen minutes.
        foreach (var client in (HttpClient[])[ann.Client, renewed])
        {
            using var refused = await client.GetAsync("/v1/accounts/me");
            await refused.ProblemAsync(401, "authentication.refused");
            refused.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        }
        using var late = await _world.Anonymous.PostAsJsonAsync("/v1/sessions/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });
        await late.ProblemAsync(401, "sessions.revoked");
    }

    [Fact]
    public async Task A_second_server_on_the_same_database_opens_the_tokens_of_the_first()
    {
        var ann = await _world.PlayerAsync();
        await using var second = await ServerHost.StartAsync(_world.Database.ConnectionString(Harness.TestRole.App));
        using var client = second.NewClient(ann.Client.DefaultRequestHeaders.Authorization!.Parameter);
        using var me = await client.GetAsync("/v1/accounts/me");
        me.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_with_one_character_changed_is_refused()
    {
        var ann = await _world.PlayerAsync();
        var token = ann.Client.DefaultRequestHeaders.Authorization!.Parameter!;
        var altered = token[..20] + (token[20] == 'A' ? 'B' : 'A') + token[21..];
        using var refused = await _world.Client(altered).GetAsync("/v1/accounts/me");
        await refused.ProblemAsync(401, "authentication.refused");
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_told_alike()
    {
        var ann = await _world.PlayerAsync();
        using var wrong = await _world.Anonymous.PostAsJsonAsync("/v1/sessions", new { login = ann.Username, password = "not this one" });
        using var unknown = await _world.Anonymous.PostAsJsonAsync("/v1/sessions", new { login = "nobody", password = "not this one" });
        var first = await wrong.ProblemAsync(401, "sessions.wrong-credentials");
        var second = await unknown.ProblemAsync(401, "sessions.wrong-credentials");
        first.GetProperty("detail").GetString().ShouldBe(second.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_name_is_given_once_whatever_its_case()
    {
        var ann = await _world.PlayerAsync();
        using var again = await _world.Anonymous.PostAsJsonAsync(
            "/v1/accounts",
            new { username = ann.Username.ToUpperInvariant(), password = ServerWorld.Password }
        );
        await again.ProblemAsync(409, "accounts.username-taken");
    }

    [Fact]
    public async Task A_one_time_code_signs_in_once()
    {
        var code = (await _world.Database.Get<Gamekeeper.Accounts.OneTimeCodes>().CreateOperatorCodeAsync()).Code;
        using var first = await _world.Anonymous.PostAsJsonAsync("/v1/sessions", new { code });
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var second = await _world.Anonymous.PostAsJsonAsync("/v1/sessions", new { code });
        await second.ProblemAsync(401, "sessions.code-refused");
    }

    [Fact]
    public async Task Nobody_signs_out_somebody_else()
    {
        var ann = await _world.PlayerAsync();
        var bob = await _world.PlayerAsync();
        using var refused = await bob.Client.DeleteAsync($"/v1/sessions/{ann.Session}");
        await refused.ProblemAsync(404, "sessions.not-found");
        using var me = await ann.Client.GetAsync("/v1/accounts/me");
        me.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_profile_changes_only_from_the_version_that_was_read()
    {
        var ann = await _world.PlayerAsync();
        using var me = await ann.Client.GetAsync("/v1/accounts/me");
        var read = me.Headers.ETag!.Tag;
        using var changed = await Patch(ann.Client, read, "Ann the First");
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var late = await Patch(ann.Client, read, "Ann the Late");
        await late.ProblemAsync(412, "accounts.version-conflict");
        using var card = await _world.Anonymous.GetAsync($"/v1/accounts/{ann.Id}");
        (await card.JsonAsync()).GetProperty("displayName").GetString().ShouldBe("Ann the First");
    }

    [Fact]
    public async Task A_new_password_signs_everyone_else_out()
    {
        var ann = await _world.PlayerAsync();
        using var elsewhere = await _world.Anonymous.PostAsJsonAsync("/v1/sessions", new { login = ann.Username, password = ServerWorld.Password });
        var other = _world.Client((await elsewhere.JsonAsync()).GetProperty("accessToken").GetString()!);
        using var changed = await ann.Client.PostAsJsonAsync("/v1/accounts/me/password", new { oldPassword = ServerWorld.Password, newPassword = "quite another one" });
        (await changed.JsonAsync()).GetProperty("revokedSessions").GetInt32().ShouldBe(1);
        using var mine = await ann.Client.GetAsync("/v1/accounts/me");
        mine.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var gone = await other.GetAsync("/v1/accounts/me");
        await gone.ProblemAsync(401, "authentication.refused");
    }

    private static Task<HttpResponseMessage> Patch(HttpClient client, string version, string name)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/accounts/me") { Content = JsonContent.Create(new { displayName = name }) };
        request.Headers.TryAddWithoutValidation("If-Match", version);
        return client.SendAsync(request);
    }
}
