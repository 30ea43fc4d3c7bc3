using System.Net;
using System.Net.Http.Json;

namespace Gamekeeper.Tests.Server;

/// <summary>The same night over the wire, by an operator.</summary>
public sealed class IncidentFlowTests : IAsyncLifetime
{
    private const string Grid = "/v1/summoners-grid";
    private const string Ops = "/v1/ops/summoners-grid";

    private ServerWorld _world = null!;
    private HttpClient _operator = null!;
    private Person _house = null!;
    private Person _hacker = null!;
    private Person _bob = null!;
    private Guid _mint;
    private Guid _dupe;
    private Guid _bobs;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync(withCards: true);
        _operator = (await _world.OperatorAsync()).Client;
        (_house, _hacker, _bob) = (await _world.PlayerAsync(), await _world.PlayerAsync(), await _world.PlayerAsync());
        (_mint, _dupe) = await MintAsync(_hacker);
        (_, _bobs) = await MintAsync(_bob);
        using var offer = await _world.PostAsync(
            _hacker.Client,
            $"{Grid}/trades",
            new { targetId = _bob.Id, offeredCards = new[] { _dupe }, requestedCards = new[] { _bobs } }
        );
        var trade = (await offer.JsonAsync()).GetProperty("id").GetGuid();
        using var accepted = await _world.PostAsync(_bob.Client, $"{Grid}/trades/{trade}/accept", new { });
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Seen_frozen_planned_applied_once_and_freed()
    {
        using var seen = await _operator.GetAsync($"{Ops}/lineage?operation={_mint}");
        var cards = (await seen.JsonAsync()).GetProperty("cards");
        cards.EnumerateArray().Select(c => c.GetProperty("id").GetGuid()).ShouldBe([_dupe, _bobs]);

        using var frozen = await _operator.PostAsJsonAsync($"{Ops}/lineage/freeze", new { operationId = _mint, reason = "duped" });
        (await frozen.JsonAsync()).GetProperty("frozen").GetInt32().ShouldBe(2);
        using var transfer = await _world.PostAsync(_bob.Client, $"{Grid}/cards/{_dupe}/transfer", new { to = _hacker.Id });
        await transfer.ProblemAsync(409, "cards.frozen");
        using var offer = await _world.PostAsync(_bob.Client, $"{Grid}/trades", new { targetId = _hacker.Id, offeredCards = new[] { _dupe } });
        await offer.ProblemAsync(409, "cards.frozen");

        var wanted = new { operationId = _mint, badPlayers = new[] { _hacker.Id } };
        using var homeless = await _operator.PostAsJsonAsync($"{Ops}/compensations", wanted);
        await homeless.ProblemAsync(422, "compensations.quarantine-required");
        var plan = await PlanAsync();
        using var applied = await ApplyAsync(plan);
        applied.StatusCode.ShouldBe(HttpStatusCode.OK, await applied.Content.ReadAsStringAsync());
        applied.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        using var again = await ApplyAsync(plan);
        again.Headers.GetValues("Idempotency-Replayed").Single().ShouldBe("true");
        (await OwnerAsync(_dupe)).ShouldBe(_house.Id);
        (await OwnerAsync(_bobs)).ShouldBe(_bob.Id);

        using var shown = await _operator.GetAsync($"{Ops}/compensations/{plan}");
        (await shown.JsonAsync()).GetProperty("appliedBy").GetGuid().ShouldNotBe(Guid.Empty);
        using var freed = await _operator.PostAsJsonAsync($"{Ops}/cards/unfreeze", new { cardIds = new[] { _bobs } });
        (await freed.JsonAsync()).GetProperty("freed").GetArrayLength().ShouldBe(1);
        using var done = await _operator.PostAsJsonAsync($"{Ops}/compensations", new { operationId = _mint, quarantine = _house.Id });
        await done.ProblemAsync(409, "lineage.already-compensated");
    }

    [Fact]
    public async Task A_plan_that_is_out_of_date_is_refused_with_what_moved()
    {
        var plan = await PlanAsync();
        using var moved = await _world.PostAsync(_bob.Client, $"{Grid}/cards/{_dupe}/transfer", new { to = _house.Id });
        moved.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var outdated = await ApplyAsync(plan);

        var problem = await outdated.ProblemAsync(409, "compensations.outdated");
        problem.GetProperty("errors").TryGetProperty(_dupe.ToString("D"), out _).ShouldBeTrue(problem.ToString());
        (await OwnerAsync(_dupe)).ShouldBe(_house.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?operation=01936f3e-5c1a-7000-8000-2b1d5c9e7a10&card=01936f3e-5c1a-7000-8000-2b1d5c9e7a10")]
    [InlineData("?operation=01936f3e-5c1a-7000-8000-2b1d5c9e7a10&since=2026-01-01T00:00:00Z")]
    [InlineData("?card=01936f3e-5c1a-7000-8000-2b1d5c9e7a10&depth=-1")]
    public async Task A_lineage_starts_at_one_thing(string query)
    {
        using var refused = await _operator.GetAsync($"{Ops}/lineage{query}");
        await refused.ProblemAsync(400, "request.invalid");
    }

    private async Task<(Guid Operation, Guid Card)> MintAsync(Person owner)
    {
        using var minted = await _world.PostAsync(_operator, $"{Grid}/cards", new { ownerId = owner.Id, templateIds = new[] { "alpha-001" } });
        var body = await minted.JsonAsync();
        return (body.GetProperty("operationId").GetGuid(), body.GetProperty("cardIds")[0].GetGuid());
    }

    private async Task<Guid> PlanAsync()
    {
        using var planned = await _operator.PostAsJsonAsync(
            $"{Ops}/compensations",
            new { operationId = _mint, badPlayers = new[] { _hacker.Id }, quarantine = _house.Id }
        );
        return (await planned.JsonAsync()).GetProperty("id").GetGuid();
    }

    private Task<HttpResponseMessage> ApplyAsync(Guid plan) =>
        _operator.PostAsJsonAsync($"{Ops}/compensations/{plan}/apply", new { reason = "duped by the shop" });

    private async Task<Guid> OwnerAsync(Guid card)
    {
        using var found = await _bob.Client.GetAsync($"{Grid}/cards/{card}");
        return (await found.JsonAsync()).GetProperty("ownerId").GetGuid();
    }
}
