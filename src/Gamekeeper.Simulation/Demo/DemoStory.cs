using System.Security.Cryptography;
using System.Text.Json;

namespace Gamekeeper.Simulation.Demo;

/// <summary>
/// A short story played against a running server over HTTP, from outside, by three players, their game and a suspicious collector.
/// It ends well or with a <see cref="BrokenPromiseException"/>. It leaves its players and their cards behind, under new names each time.
/// </summary>
/// <param name="client">With the server's address as its base.</param>
/// <param name="operatorCode">A one-time code, with which the game gets its service key.</param>
/// <param name="say">Tells the story, line by line.</param>
/// <param name="clock">For the one wait in it.</param>
public sealed class DemoStory(HttpClient client, string operatorCode, Action<string> say, TimeProvider clock)
{
    private static readonly string[] Names = ["Mira", "Tolo", "Vex"];

    private readonly Wire _wire = new(client, say, clock);
    private readonly string _tale = RandomNumberGenerator.GetHexString(6, lowercase: true);

    /// <summary>Plays it from the first line to the last.</summary>
    /// <exception cref="BrokenPromiseException">Something was not as promised.</exception>
    /// <exception cref="HttpRequestException">The server does not answer.</exception>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var people = await ArriveAsync(cancellationToken);
        var (operatorToken, game, gameKeyId) = await OpenTheShopAsync(cancellationToken);
        var (mira, tolo, vex) = (people[0], people[1], people[2]);

        var before = await new Packs(_wire, say, _tale).OpenAsync(game, people, cancellationToken);
        await BrowseAsync(before[mira.Id][0], cancellationToken);
        var prize = await new Trades(_wire, say, clock, _tale).PlayAsync(mira, tolo, vex, before, cancellationToken);
        await new Provenance(_wire, say).CheckAsync(prize, tolo, mira, cancellationToken);
        await CountAsync(people, before, cancellationToken);
        await VerifyAsync(operatorToken, cancellationToken);

        (await _wire.SendAsync(HttpMethod.Delete, $"/v1/ops/service-keys/{gameKeyId}", operatorToken, null, null, cancellationToken)).Granted();
        say("");
        say($"The end. Every promise held, in {clock.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private async Task<IReadOnlyList<Person>> ArriveAsync(CancellationToken cancellationToken)
    {
        say("1. Three players arrive.");
        var people = new List<Person>();
        foreach (var name in Names)
        {
            var (username, password) = ($"{name.ToLowerInvariant()}-{_tale}", RandomNumberGenerator.GetHexString(20));
            var account = await _wire.PostAsync("/v1/accounts", new { username, password, displayName = name }, null, null, cancellationToken);
            var session = await _wire.PostAsync("/v1/sessions", new { login = username, password }, null, null, cancellationToken);
            people.Add(new Person(name, account.Text("id"), session.Text("accessToken")));
            // A first look into the game is what makes them players of it.
            (await _wire.GetAsync($"{Wire.Grid}/packs", people[^1].Token, cancellationToken)).Granted();
            say($"   {name} signs up as {username}, signs in and walks in.");
        }
        (await _wire.PostAsync("/v1/sessions", new { login = $"mira-{_tale}", password = "let me in, I am Mira" }, null, null, cancellationToken))
            .Refused("sessions.wrong-credentials");
        say("   Somebody else claims to be Mira, with the wrong password, and stays outside.");
        return people;
    }

    private async Task<(string Operator, string Game, string KeyId)> OpenTheShopAsync(CancellationToken cancellationToken)
    {
        say("");
        say("2. The game server gets a key of its own.");
        var session = await _wire.PostAsync("/v1/sessions", new { code = operatorCode }, null, null, cancellationToken);
        var token = session.Text("accessToken");
        (await _wire.PostAsync("/v1/sessions", new { code = operatorCode }, null, null, cancellationToken)).Refused("sessions.code-refused");
        say("   The operator signs in with a code that works once. (A second try with it: refused.)");
        var key = await _wire.PostAsync("/v1/ops/service-keys", new { name = $"demo {_tale}", scopes = new[] { "mint", "grant" } }, token, null, cancellationToken);
        say("   Its key may mint and grant, and nothing else.");
        return (token, key.Text("text"), key.Granted().GetProperty("key").GetProperty("id").GetString()!);
    }

    private async Task BrowseAsync(JsonElement card, CancellationToken cancellationToken)
    {
        say("");
        say("4. Mira looks her best card up.");
        var template = card.GetProperty("template");
        var name = template.GetProperty("name").GetString()!;
        var found = await _wire.GetAsync($"{Wire.Grid}/card-templates?text={Uri.EscapeDataString($"\"{name}\"")}&limit=5", null, cancellationToken);
        var hits = found.Granted().GetProperty("items").EnumerateArray().Select(t => t.GetProperty("name").GetString()).ToList();
        if (!hits.Contains(name))
            throw new BrokenPromiseException($"A search for \"{name}\" was to find that card and found {string.Join(", ", hits)}.");
        say($"   A search for \"{name}\" finds it: {template.GetProperty("rarity").GetString()} {template.GetProperty("type").GetString()}.");
        if (template.GetProperty("flavorText").GetString() is { } flavour)
            say($"   It reads: \"{flavour}\"");
    }

    private async Task CountAsync(IReadOnlyList<Person> people, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> before, CancellationToken cancellationToken)
    {
        say("");
        say("8. After all that, the cards are counted.");
        var then = before.Values.SelectMany(cards => cards).Select(c => c.GetProperty("id").GetString()!).ToHashSet(StringComparer.Ordinal);
        var now = new List<string>();
        foreach (var person in people)
            now.AddRange((await person.CardsAsync(_wire, cancellationToken)).Select(c => c.GetProperty("id").GetString()!));
        if (now.Count != then.Count || !then.SetEquals(now))
            throw new BrokenPromiseException($"{then.Count} cards came into the world and {now.Count} are held, {now.Distinct().Count()} different ones.");
        say($"   {then.Count} came into the world, {now.Count} are held, each by one player. None was lost, none was doubled.");
    }

    private async Task VerifyAsync(string operatorToken, CancellationToken cancellationToken)
    {
        say("");
        say("9. Last, the operator has everything verified.");
        var report = (await _wire.PostAsync("/v1/ops/verify", null, operatorToken, null, cancellationToken)).Granted();
        var invariants = report.GetProperty("invariants").EnumerateArray().ToList();
        if (invariants.Find(i => !i.GetProperty("holds").GetBoolean()) is { ValueKind: JsonValueKind.Object } broken)
            throw new BrokenPromiseException($"An invariant does not hold: {broken}");
        if (!report.GetProperty("holds").GetBoolean() || invariants.Count == 0)
            throw new BrokenPromiseException($"The verification was to hold and said: {report}");
        say($"   {invariants.Count} invariants over all that is stored: all hold.");
    }
}
