using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Gamekeeper.Tests.Server;

public sealed class SummonersGridFlowTests : IAsyncLifetime
{
    private const string Grid = "/v1/summoners-grid";

    private ServerWorld _world = null!;
    private HttpClient _game = null!;
    private Person _ann = null!;
    private Person _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync(withCards: true);
        _game = await _world.ServiceAsync("mint", "grant", "import");
        _ann = await _world.PlayerAsync();
        _bob = await _world.PlayerAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Imported_found_minted_traded_and_verified()
    {
        var file = """
            {"id":"wire-1","name":"Wire Dancer","type":"unit","rarity":"common","flavor_text":"Balances on a copper thread."}
            """;
        using var imported = await _game.PostAsync($"{Grid}/card-templates/import", new StringContent(file, Encoding.UTF8, "application/x-ndjson"));
        (await imported.JsonAsync()).GetProperty("inserted").GetInt32().ShouldBe(1);
        using var found = await _ann.Client.GetAsync($"{Grid}/card-templates?text=copper%20thread");
        (await found.JsonAsync()).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetString()).ShouldContain("wire-1");

        var annsCard = (await MintAsync(_ann, "wire-1"))[0];
        var bobsCard = (await MintAsync(_bob, "alpha-001"))[0];
        var trade = await ProposeAsync([annsCard], [bobsCard]);
        using var accepted = await _world.PostAsync(_bob.Client, $"{Grid}/trades/{trade}/accept", new { }, "accept");
        (await accepted.JsonAsync()).GetProperty("status").GetString().ShouldBe("completed");
        using var twice = await _world.PostAsync(_bob.Client, $"{Grid}/trades/{trade}/accept", new { }, "accept");
        twice.StatusCode.ShouldBe(HttpStatusCode.OK);
        twice.Headers.GetValues("Idempotency-Replayed").Single().ShouldBe("true");
        using var again = await _world.PostAsync(_bob.Client, $"{Grid}/trades/{trade}/accept", new { });
        await again.ProblemAsync(409, "trades.not-pending");

        using var history = await _ann.Client.GetAsync($"{Grid}/cards/{annsCard}/history");
        var provenance = await history.JsonAsync();
        provenance.GetProperty("isIntact").GetBoolean().ShouldBeTrue();
        provenance.GetProperty("history").GetProperty("events").GetArrayLength().ShouldBe(2);
        using var card = await _ann.Client.GetAsync($"{Grid}/cards/{annsCard}");
        (await card.JsonAsync()).GetProperty("ownerId").GetGuid().ShouldBe(_bob.Id);
        using var verified = await (await _world.OperatorAsync()).Client.PostAsync("/v1/ops/verify", null);
        (await verified.JsonAsync()).GetProperty("holds").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_history_that_was_tampered_with_is_told_and_not_hidden()
    {
        var card = (await MintAsync(_ann, "alpha-001"))[0];
        await _world.Database.ExecuteAsync(
            Harness.TestRole.Superuser,
            $"""
            set session_replication_role = replica;
            update summoners_grid.ownership_history set transfer_method = 'stolen' where card_instance_id = '{card}'
            """
        );
        using var history = await _ann.Client.GetAsync($"{Grid}/cards/{card}/history");
        var provenance = await history.JsonAsync();
        provenance.GetProperty("isIntact").GetBoolean().ShouldBeFalse();
        provenance.GetProperty("firstBreach").GetProperty("table").GetString().ShouldBe("summoners_grid.ownership_history");
    }

    [Fact]
    public async Task A_pack_is_opened_by_the_game_and_not_by_a_player()
    {
        using var refused = await _world.PostAsync(_ann.Client, $"{Grid}/packs/alpha-booster/open", new { ownerId = _ann.Id });
        await refused.ProblemAsync(403, "authorization.not-allowed");
        using var packs = await _ann.Client.GetAsync($"{Grid}/packs");
        var pack = (await packs.JsonAsync()).GetProperty("items")[0];
        using var opened = await _world.PostAsync(_game, $"{Grid}/packs/{pack.GetProperty("id").GetString()}/open", new { ownerId = _ann.Id });
        opened.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await opened.JsonAsync()).GetProperty("cardIds").GetArrayLength().ShouldBe(pack.GetProperty("size").GetInt32());
        using var unknown = await _world.PostAsync(_game, $"{Grid}/packs/no-such-pack/open", new { ownerId = _ann.Id });
        await unknown.ProblemAsync(404, "packs.unknown");
    }

    [Fact]
    public async Task Bad_offers_are_refused_each_by_its_kind()
    {
        var card = (await MintAsync(_ann, "alpha-001"))[0];
        await RefusedAsync(new { targetId = _ann.Id, offeredCards = new[] { card } }, 400, "request.invalid", "targetId");
        await RefusedAsync(new { targetId = _bob.Id, offeredCards = Array.Empty<Guid>() }, 400, "request.invalid", "offeredCards");
        await RefusedAsync(new { targetId = _bob.Id, offeredCards = new[] { card }, expiresAt = "2020-01-01T00:00:00Z" }, 400, "request.invalid", "expiresAt");
        await RefusedAsync(new { targetId = _bob.Id, offeredCards = Enumerable.Repeat(card, 101) }, 400, "request.invalid", "offeredCards");
        await RefusedAsync(new { targetId = _bob.Id, offeredCards = new[] { "not-a-uuid" } }, 400, "request.wrong-type", "offeredCards[0]");
        await RefusedAsync(new { targetId = _bob.Id, offeredCards = new[] { Guid.CreateVersion7() } }, 409, "cards.not-owned", null);
        await RefusedAsync(new { targetId = Guid.CreateVersion7(), offeredCards = new[] { card } }, 422, "players.unknown", null);
        using var trades = await _ann.Client.GetAsync($"{Grid}/trades");
        (await trades.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_card_of_somebody_else_is_not_given_away()
    {
        var card = (await MintAsync(_ann, "alpha-001"))[0];
        using var stolen = await _world.PostAsync(_bob.Client, $"{Grid}/cards/{card}/transfer", new { to = _bob.Id, from = _ann.Id });
        await stolen.ProblemAsync(403, "cards.not-owner");
        using var given = await _world.PostAsync(_ann.Client, $"{Grid}/cards/{card}/transfer", new { to = _bob.Id });
        given.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var moved = await _world.PostAsync(_game, $"{Grid}/cards/{card}/transfer", new { to = _ann.Id, from = _bob.Id, method = "support" });
        moved.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var pretended = await _world.PostAsync(_game, $"{Grid}/cards/{card}/transfer", new { to = _bob.Id, from = _ann.Id, method = "compensation" });
        await pretended.ProblemAsync(400, "request.invalid");
        var mintOnly = await _world.ServiceAsync("mint");
        using var outOfScope = await _world.PostAsync(mintOnly, $"{Grid}/cards/{card}/transfer", new { to = _bob.Id, from = _ann.Id });
        await outOfScope.ProblemAsync(403, "authorization.not-allowed");
    }

    [Fact]
    public async Task A_frozen_player_neither_gives_nor_takes()
    {
        var card = (await MintAsync(_ann, "alpha-001"))[0];
        var op = await _world.OperatorAsync();
        using var frozen = await op.Client.PostAsJsonAsync($"/v1/ops/accounts/{_bob.Id}/freeze", new { reason = "under investigation" });
        frozen.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await _world.PostAsync(_ann.Client, $"{Grid}/cards/{card}/transfer", new { to = _bob.Id });
        await refused.ProblemAsync(403, "players.frozen");
        using var free = await op.Client.PostAsync($"/v1/ops/accounts/{_bob.Id}/unfreeze", null);
        free.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var given = await _world.PostAsync(_ann.Client, $"{Grid}/cards/{card}/transfer", new { to = _bob.Id });
        given.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_trade_is_seen_by_the_two_it_concerns_and_by_keys_that_look_after_the_whole()
    {
        var trade = await ProposeAsync([(await MintAsync(_ann, "alpha-001"))[0]], []);
        var eve = await _world.PlayerAsync();
        using var hidden = await eve.Client.GetAsync($"{Grid}/trades/{trade}");
        await hidden.ProblemAsync(404, "trades.unknown");
        using var curious = await eve.Client.GetAsync($"{Grid}/trades?player={_ann.Id}");
        await curious.ProblemAsync(403, "authorization.not-allowed");
        using var unseen = await _game.GetAsync($"{Grid}/trades/{trade}");
        await unseen.ProblemAsync(404, "trades.unknown");
        using var unlisted = await _game.GetAsync($"{Grid}/trades?player={_ann.Id}");
        await unlisted.ProblemAsync(403, "authorization.not-allowed");
        var watch = await _world.ServiceAsync("operate");
        using var seen = await watch.GetAsync($"{Grid}/trades/{trade}");
        seen.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var listed = await watch.GetAsync($"{Grid}/trades?player={_ann.Id}");
        (await listed.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(1);
        using var whose = await watch.GetAsync($"{Grid}/trades");
        await whose.ProblemAsync(400, "request.invalid");
        using var own = await _world.PostAsync(_ann.Client, $"{Grid}/trades/{trade}/accept", new { });
        await own.ProblemAsync(403, "trades.not-the-target");
        using var declined = await _world.PostAsync(_bob.Client, $"{Grid}/trades/{trade}/decline", new { reason = "no, thank you" });
        (await declined.JsonAsync()).GetProperty("status").GetString().ShouldBe("declined");
        using var late = await _world.PostAsync(_ann.Client, $"{Grid}/trades/{trade}/cancel", new { });
        await late.ProblemAsync(409, "trades.not-pending");
    }

    [Fact]
    public async Task Pages_follow_each_other_and_refuse_what_is_no_cursor_of_theirs()
    {
        await MintAsync(_ann, [.. Enumerable.Range(1, 7).Select(i => $"alpha-{i:000}")]);
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            using var page = await _ann.Client.GetAsync($"{Grid}/players/{_ann.Id}/cards?limit=3" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"));
            var body = await page.JsonAsync();
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetGuid()));
            cursor = body.GetProperty("nextCursor").GetString() ?? "";
            if (seen.Count == 3)
                await RefusedCursorsAsync(cursor);
        } while (cursor.Length > 0);
        seen.Distinct().Count().ShouldBe(7);

        foreach (var limit in (string[])["0", "1000000", "-1", "many"])
        {
            using var refused = await _ann.Client.GetAsync($"{Grid}/players/{_ann.Id}/cards?limit={limit}");
            var problem = await refused.ProblemAsync(400, "request.invalid");
            problem.GetProperty("errors").TryGetProperty("limit", out _).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_file_with_one_bad_record_is_refused_whole_with_its_line()
    {
        var file = "{\"id\":\"ok-1\",\"name\":\"Fine\",\"type\":\"unit\",\"rarity\":\"common\"}\n{\"id\":\"bad-1\",\"name\":7,\"type\":\"unit\",\"rarity\":\"common\"}\n";
        using var refused = await _game.PostAsync($"{Grid}/card-templates/import", new StringContent(file, Encoding.UTF8, "application/x-ndjson"));
        var problem = await refused.ProblemAsync(422, "card-templates.import-refused");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Line 2");
        problem.GetProperty("errors").TryGetProperty("name", out _).ShouldBeTrue();
        using var none = await _ann.Client.GetAsync($"{Grid}/card-templates/ok-1");
        await none.ProblemAsync(404, "card-templates.unknown");
    }

    [Fact]
    public async Task What_was_done_is_found_in_the_trails()
    {
        await MintAsync(_ann, "alpha-001");
        var op = await _world.OperatorAsync();
        using var activity = await op.Client.GetAsync("/v1/ops/activity?action=card.mint");
        var entry = (await activity.JsonAsync()).GetProperty("items")[0];
        entry.GetProperty("actorKind").GetString().ShouldBe("service");
        using var changes = await op.Client.GetAsync($"/v1/ops/audit?schema=core&table=accounts&record={_ann.Id}");
        (await changes.JsonAsync()).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("action").GetString()).ShouldContain("INSERT");
    }

    private async Task RefusedCursorsAsync(string cursor)
    {
        var bytes = cursor.ToCharArray();
        bytes[^3] = bytes[^3] == 'A' ? 'B' : 'A';
        await CursorAsync($"{Grid}/players/{_ann.Id}/cards?limit=3", new string(bytes), "paging.cursor-altered");
        await CursorAsync($"{Grid}/players/{_bob.Id}/cards?limit=3", cursor, "paging.cursor-other-question");
        await CursorAsync($"{Grid}/trades?limit=3", cursor, "paging.cursor-other-question");
        await CursorAsync($"{Grid}/players/{_ann.Id}/cards?limit=3", "no-cursor", "paging.cursor-malformed");
    }

    private async Task CursorAsync(string path, string cursor, string code)
    {
        using var refused = await _ann.Client.GetAsync($"{path}&cursor={Uri.EscapeDataString(cursor)}");
        await refused.ProblemAsync(400, code);
    }

    private async Task RefusedAsync(object offer, int status, string code, string? field)
    {
        using var refused = await _world.PostAsync(_ann.Client, $"{Grid}/trades", offer);
        var problem = await refused.ProblemAsync(status, code);
        if (field is not null)
            problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldContain(field);
    }

    private async Task<IReadOnlyList<Guid>> MintAsync(Person owner, params string[] templates)
    {
        using var minted = await _world.PostAsync(_game, $"{Grid}/cards", new { ownerId = owner.Id, templateIds = templates });
        minted.StatusCode.ShouldBe(HttpStatusCode.Created, await minted.Content.ReadAsStringAsync());
        return [.. (await minted.JsonAsync()).GetProperty("cardIds").EnumerateArray().Select(c => c.GetGuid())];
    }

    private async Task<Guid> ProposeAsync(Guid[] offered, Guid[] requested)
    {
        using var proposed = await _world.PostAsync(_ann.Client, $"{Grid}/trades", new { targetId = _bob.Id, offeredCards = offered, requestedCards = requested });
        proposed.StatusCode.ShouldBe(HttpStatusCode.Created, await proposed.Content.ReadAsStringAsync());
        return (await proposed.JsonAsync()).GetProperty("id").GetGuid();
    }
}
