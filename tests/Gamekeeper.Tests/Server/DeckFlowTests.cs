using System.Net;
using System.Net.Http.Json;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Server;

public sealed class DeckFlowTests : IAsyncLifetime
{
    private const string Decks = "/v1/summoners-grid/decks";

    private ServerWorld _world = null!;
    private HttpClient _mint = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync(withCards: true);
        _mint = await _world.ServiceAsync("mint");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_deck_is_made_mended_shown_found_and_deleted()
    {
        var (ann, bob) = (await _world.PlayerAsync(), await _world.PlayerAsync());
        var (summons, main) = (await MintAsync(ann, "summon", 3), await MintAsync(ann, "action", 15));
        var slots = new Dictionary<string, Guid> { ["slot1"] = summons[0], ["slot2"] = summons[1], ["slot3"] = summons[2] };
        var theirs = await MintAsync(bob, "action", 1);

        using var made = await _world.PostAsync(ann.Client, Decks, new { name = "Mine", summonSlots = slots, mainDeck = main.Concat(theirs) });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.ETag!.Tag.ShouldBe("\"1\"");
        var deck = await made.JsonAsync();
        var path = $"{Decks}/{deck.GetProperty("id").GetGuid()}";
        made.Headers.Location!.ToString().ShouldBe(path);
        deck.GetProperty("isValid").GetBoolean().ShouldBeFalse();
        var fault = deck.GetProperty("validationErrors").EnumerateArray().ShouldHaveSingleItem();
        (fault.GetProperty("code").GetString(), fault.GetProperty("card").GetGuid()).ShouldBe(("cards.not-owned", theirs[0]));
        using var hidden = await bob.Client.GetAsync(path);
        await hidden.ProblemAsync(404, "decks.unknown");

        // What was read goes back as it came, but for the card that is not hers.
        using var mended = await SendAsync(ann.Client, HttpMethod.Put, path, new { name = "Mine", summonSlots = deck.GetProperty("summonSlots"), mainDeck = main, isPublic = true }, "\"1\"");
        mended.StatusCode.ShouldBe(HttpStatusCode.OK);
        mended.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await mended.JsonAsync()).GetProperty("isValid").GetBoolean().ShouldBeTrue();

        using var seen = await bob.Client.GetAsync(path);
        seen.Headers.ETag!.Tag.ShouldBe("\"2\"");
        foreach (var list in new[] { $"{Decks}/public", $"{Decks}/public?containing={Uri.EscapeDataString("""{"slot1":{"template":"alpha-001"}}""")}", $"{Decks}?player={ann.Id}" })
        {
            using var listed = await bob.Client.GetAsync(list);
            (await listed.JsonAsync()).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(deck.GetProperty("id").GetGuid());
        }
        using var nobody = await bob.Client.GetAsync($"{Decks}/public?containing={Uri.EscapeDataString("""{"slot2":{"template":"alpha-001"}}""")}");
        (await nobody.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(0);
        using var wild = await bob.Client.GetAsync($"{Decks}/public?containing=*");
        (await wild.ProblemAsync(400, "request.invalid")).GetProperty("errors").TryGetProperty("containing", out _).ShouldBeTrue();

        using var foreign = await SendAsync(bob.Client, HttpMethod.Patch, path, new { name = "Stolen" }, null);
        await foreign.ProblemAsync(404, "decks.unknown");
        using var gone = await SendAsync(ann.Client, HttpMethod.Delete, path, null, "\"2\"");
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var again = await SendAsync(ann.Client, HttpMethod.Delete, path, null, null);
        await again.ProblemAsync(404, "decks.unknown");
    }

    [Fact]
    public async Task A_lost_update_is_refused()
    {
        var ann = await _world.PlayerAsync();
        var empty = new { name = "Empty", summonSlots = new { }, mainDeck = Array.Empty<Guid>() };
        using var made = await _world.PostAsync(ann.Client, Decks, empty, "once");
        var path = made.Headers.Location!.ToString();
        using var replayed = await _world.PostAsync(ann.Client, Decks, empty, "once");
        replayed.Headers.GetValues("Idempotency-Replayed").Single().ShouldBe("true");
        replayed.Headers.Location!.ToString().ShouldBe(path);

        using var blind = await SendAsync(ann.Client, HttpMethod.Put, path, empty, null);
        await blind.ProblemAsync(428, "request.version-missing");
        using var wild = await SendAsync(ann.Client, HttpMethod.Put, path, empty, "*");
        await wild.ProblemAsync(428, "request.version-missing");
        using var odd = await SendAsync(ann.Client, HttpMethod.Put, path, empty, "W/\"1\"");
        await odd.ProblemAsync(400, "request.invalid");
        using var first = await SendAsync(ann.Client, HttpMethod.Put, path, empty with { name = "First" }, "\"1\"");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var late = await SendAsync(ann.Client, HttpMethod.Put, path, empty with { name = "Late" }, "\"1\"");
        await late.ProblemAsync(412, "decks.version-conflict");
        using var lateToo = await SendAsync(ann.Client, HttpMethod.Patch, path, new { name = "Late" }, "\"1\"");
        await lateToo.ProblemAsync(412, "decks.version-conflict");
        using var merged = await SendAsync(ann.Client, HttpMethod.Patch, path, new { description = "Merged" }, null);
        var deck = await merged.JsonAsync();
        (deck.GetProperty("name").GetString(), deck.GetProperty("description").GetString()).ShouldBe(("First", "Merged"));
        using var lateAgain = await SendAsync(ann.Client, HttpMethod.Delete, path, null, "\"2\"");
        await lateAgain.ProblemAsync(412, "decks.version-conflict");
    }

    [Theory]
    [InlineData("""{"name":"x","mainDeck":[]}""", "request.invalid", "summonSlots")]
    [InlineData("""{"name":"x","mainDeck":[],"summonSlots":[]}""", "request.wrong-type", "summonSlots")]
    [InlineData("""{"name":"x","mainDeck":[],"summonSlots":{"slot1":7}}""", "request.wrong-type", "summonSlots.slot1")]
    [InlineData("""{"name":"x","mainDeck":[],"summonSlots":{"slot1":null,"slot1":null}}""", "request.wrong-type", "summonSlots.slot1")]
    [InlineData("""{"name":"x","mainDeck":[],"summonSlots":{"Slot One":"01936f3e-5c1a-7000-8000-2b1d5c9e7a10"}}""", "request.invalid", "summonSlots")]
    [InlineData("""{"name":"x","mainDeck":[],"summonSlots":{},"format":"5v5"}""", "request.invalid", "format")]
    [InlineData("""{"name":" ","mainDeck":[],"summonSlots":{}}""", "request.invalid", "name")]
    public async Task A_bad_input_names_its_field_and_stores_nothing(string body, string code, string field)
    {
        var ann = await _world.PlayerAsync();
        var raw = new HttpRequestMessage(HttpMethod.Post, Decks) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        raw.Headers.Add("Idempotency-Key", "raw");
        using var answer = await ann.Client.SendAsync(raw);
        var problem = await answer.ProblemAsync(400, code);
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from summoners_grid.decks where owner_id = '{ann.Id}'")).ShouldBe(0);
    }

    private async Task<IReadOnlyList<Guid>> MintAsync(Person owner, string type, int count)
    {
        using var templates = await _world.Anonymous.GetAsync($"/v1/summoners-grid/card-templates?type={type}&limit=200");
        var ids = (await templates.JsonAsync()).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetString()!).Order(StringComparer.Ordinal).Take(count);
        using var minted = await _world.PostAsync(_mint, "/v1/summoners-grid/cards", new { ownerId = owner.Id, templateIds = ids });
        return [.. (await minted.JsonAsync()).GetProperty("cardIds").EnumerateArray().Select(c => c.GetGuid())];
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, object? body, string? version)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (version is not null)
            request.Headers.TryAddWithoutValidation("If-Match", version);
        return client.SendAsync(request);
    }
}
