using System.Net;
using System.Net.Http.Json;

namespace Gamekeeper.Tests.Server;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private ServerWorld _world = null!;
    private HttpClient _mint = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync(withCards: true);
        _mint = await _world.ServiceAsync("mint");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Without_a_key_nothing_is_granted_and_the_header_is_named()
    {
        var ann = await _world.PlayerAsync();
        using var refused = await _mint.PostAsJsonAsync("/v1/summoners-grid/cards", new { ownerId = ann.Id, templateIds = new[] { "alpha-001" } });
        var problem = await refused.ProblemAsync(400, "idempotency.key-missing");
        problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _).ShouldBeTrue();
        (await CountAsync(ann)).ShouldBe(0);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("has a space", 1)]
    [InlineData("k", 201)]
    public async Task A_key_that_is_none_is_refused(string text, int times)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/summoners-grid/cards") { Content = JsonContent.Create(new { }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", string.Concat(Enumerable.Repeat(text, times)));
        using var refused = await _mint.SendAsync(request);
        ((int)refused.StatusCode).ShouldBe(400);
        (await refused.JsonAsync()).GetProperty("code").GetString().ShouldNotBeNull().ShouldStartWith("idempotency.key-");
    }

    [Fact]
    public async Task The_same_request_again_has_no_second_effect_and_says_so()
    {
        var ann = await _world.PlayerAsync();
        var order = new { ownerId = ann.Id, templateIds = new[] { "alpha-001", "alpha-002" } };
        using var first = await _world.PostAsync(_mint, "/v1/summoners-grid/cards", order, "once");
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        using var second = await _world.PostAsync(_mint, "/v1/summoners-grid/cards", order, "once");
        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.Headers.GetValues("Idempotency-Replayed").Single().ShouldBe("true");
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await CountAsync(ann)).ShouldBe(2);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_changes_nothing()
    {
        var ann = await _world.PlayerAsync();
        using var first = await _world.PostAsync(_mint, "/v1/summoners-grid/cards", new { ownerId = ann.Id, templateIds = new[] { "alpha-001" } }, "reused");
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var other = await _world.PostAsync(_mint, "/v1/summoners-grid/cards", new { ownerId = ann.Id, templateIds = new[] { "alpha-002" } }, "reused");
        await other.ProblemAsync(422, "idempotency.key-reused");
        (await CountAsync(ann)).ShouldBe(1);
    }

    private async Task<int> CountAsync(Person person)
    {
        using var cards = await person.Client.GetAsync($"/v1/summoners-grid/players/{person.Id}/cards");
        return (await cards.JsonAsync()).GetProperty("items").GetArrayLength();
    }
}
