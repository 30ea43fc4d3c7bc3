using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gamekeeper.Accounts;
using Gamekeeper.Idempotency;
using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Faults;

/// <summary>
/// PostgreSQL and our server are killed in the middle of trades, with every request sent twice at once and again after the restart.
/// At the end the numbers must add up: no card lost or doubled, every acknowledged trade there, every chain intact.
/// </summary>
public sealed class KilledInMidTradeTests : IAsyncLifetime
{
    private const int Players = 4;
    private const int CardsEach = 40;
    private const int TradesBetweenKills = 12;

    private readonly ConcurrentDictionary<Guid, string> _acknowledged = new();
    private readonly ConcurrentBag<(int Actor, string Path, string Key, JsonObject? Body)> _sent = [];
    private DurableStack _stack = null!;
    private (Guid Id, string Token)[] _players = null!;
    private HashSet<Guid> _cards = null!;

    public async ValueTask InitializeAsync()
    {
        _stack = await DurableStack.StartAsync();
        await Get<SeedAlphaSet>().RunAsync(CancellationToken.None);
        _players = [];
        for (var i = 0; i < Players; i++)
            _players = [.. _players, await JoinAsync($"trader{i}")];
        _cards = [.. (await Task.WhenAll(_players.Select(MintAsync))).SelectMany(c => c)];
    }

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    [Fact]
    public async Task Kills_lose_no_acknowledged_trade_and_no_card()
    {
        using var stop = new CancellationTokenSource();
        var traders = Enumerable.Range(0, Players).Select(i => TradeUntilAsync(i, stop.Token)).ToList();
        await AcknowledgedAsync(TradesBetweenKills);
        await _stack.KillPostgresAsync();
        await AcknowledgedAsync(TradesBetweenKills * 2);
        await _stack.KillServerAsync();
        await AcknowledgedAsync(TradesBetweenKills * 3);
        await stop.CancelAsync();
        await Task.WhenAll(traders);

        // Everything once more, after the restarts: the same keys have the same effect once.
        var before = await CompletedAsync();
        foreach (var (actor, path, key, body) in _sent)
            await PostAsync(actor, path, key, body);
        var after = await CompletedAsync();

        foreach (var trade in _acknowledged.Keys)
            before.ShouldContain(trade, "an acknowledged trade was lost");
        after.IsSupersetOf(before).ShouldBeTrue();
        (await OwnedAsync()).ShouldBe(_cards, ignoreOrder: true, "cards are neither lost nor doubled");
        await foreach (var result in Get<Verifier>().RunAsync())
            result.Breaches.ShouldBeEmpty(result.Name);
    }

    // Offers an own card for one of the next player's, who accepts; each request goes out twice at once.
    private async Task TradeUntilAsync(int me, CancellationToken stop)
    {
        var other = (me + 1) % Players;
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var (mine, theirs) = (await AnyCardAsync(_players[me].Id, round), await AnyCardAsync(_players[other].Id, round));
            if (mine is null || theirs is null)
                continue;
            var offer = new JsonObject
            {
                ["targetId"] = _players[other].Id,
                ["offeredCards"] = new JsonArray(mine.Value),
                ["requestedCards"] = new JsonArray(theirs.Value),
            };
            var proposed = await TwiceAsync(me, "/v1/summoners-grid/trades", $"propose-{me}-{round}", offer);
            if (proposed is not { Status: HttpStatusCode.Created })
                continue;
            var id = proposed.Value.Body!["id"]!.GetValue<Guid>();
            var accepted = await TwiceAsync(other, $"/v1/summoners-grid/trades/{id}/accept", $"accept-{me}-{round}", null);
            if (accepted is { Status: HttpStatusCode.OK })
                _acknowledged[id] = accepted.Value.Body!["operationId"]!.GetValue<string>();
        }
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)?> TwiceAsync(int actor, string path, string key, JsonObject? body)
    {
        _sent.Add((actor, path, key, body));
        var answers = await Task.WhenAll(PostAsync(actor, path, key, body), PostAsync(actor, path, key, body));
        var good = answers.Where(a => a is { Status: HttpStatusCode.OK or HttpStatusCode.Created }).ToList();
        // Where both were answered with success, they were answered alike.
        good.Select(a => a!.Value.Body!["id"]!.GetValue<Guid>()).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        return good.FirstOrDefault() ?? answers[0];
    }

    /// <summary>Null when nobody answered: the outcome is unknown.</summary>
    private async Task<(HttpStatusCode Status, JsonNode? Body)?> PostAsync(int actor, string path, string key, JsonObject? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _players[actor].Token);
        request.Headers.Add("Idempotency-Key", key);
        request.Content = body is null ? null : JsonContent.Create(body);
        try
        {
            using var answer = await _stack.Http.SendAsync(request);
            ((int)answer.StatusCode).ShouldNotBe(500, await answer.Content.ReadAsStringAsync());
            return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task AcknowledgedAsync(int count) =>
        await Soon.TrueAsync(() => _acknowledged.Count >= count, $"{count} trades are acknowledged", TimeSpan.FromMinutes(2));

    private async Task<HashSet<Guid>> CompletedAsync()
    {
        var found = new HashSet<Guid>();
        await foreach (var row in Get<GameDatabase>().StreamAsync(new AllTrades()))
            if (row.Status == "completed")
                found.Add(row.Id);
        return found;
    }

    private async Task<List<Guid>> OwnedAsync()
    {
        var owned = new List<Guid>();
        await foreach (var card in Get<GameDatabase>().StreamAsync(new AllCards()))
            owned.Add(card);
        return owned;
    }

    private async Task<Guid?> AnyCardAsync(Guid owner, int round)
    {
        try
        {
            var cards = await Get<GameDatabase>().ListAsync(new CardsOf(owner));
            return cards.Count == 0 ? null : cards[round % cards.Count];
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException)
        {
            // PostgreSQL is down at this moment; the next round asks again.
            return null;
        }
    }

    private async Task<(Guid, string)> JoinAsync(string name)
    {
        var input = new SignUpInput(name, null, "correct horse", null);
        var created = await Get<SignUp>().RunAsync(input, Actor.System(TimeProvider.System));
        var id = created.ShouldBeOfType<SignUpOutcome.Created>().Account.Id;
        using var answer = await _stack.Http.PostAsJsonAsync("/v1/sessions", new { login = name, password = "correct horse" });
        answer.EnsureSuccessStatusCode();
        var body = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        return (id, body["accessToken"]!.GetValue<string>());
    }

    private async Task<IReadOnlyList<Guid>> MintAsync((Guid Id, string Token) player)
    {
        var order = new MintOrder(player.Id, [.. Enumerable.Range(1, CardsEach).Select(i => $"alpha-{i:000}")]);
        var outcome = await Get<MintCards>().RunAsync(Actor.System(TimeProvider.System), order, new IdempotencyKey($"mint-{player.Id}"));
        return outcome.ShouldBeOfType<MintOutcome.Minted>().CardIds;
    }

    private T Get<T>()
        where T : notnull => _stack.Services.GetRequiredService<T>();

    private sealed record AllTrades : IQuery<AllTrades, (Guid Id, string Status)>
    {
        public static string Sql => "select id, status from summoners_grid.trade_proposals";

        public void Bind(StatementParameters parameters) { }

        public static (Guid Id, string Status) Read(Npgsql.NpgsqlDataReader row) => (row.GetGuid(0), row.GetString(1));
    }

    private sealed record AllCards : IQuery<AllCards, Guid>
    {
        public static string Sql => "select id from summoners_grid.card_instances";

        public void Bind(StatementParameters parameters) { }

        public static Guid Read(Npgsql.NpgsqlDataReader row) => row.GetGuid(0);
    }

    private sealed record CardsOf(Guid Owner) : IQuery<CardsOf, Guid>
    {
        public static string Sql => "select id from summoners_grid.card_instances where owner_id = $1 order by id";

        public void Bind(StatementParameters parameters) => parameters.Add(Owner);

        public static Guid Read(Npgsql.NpgsqlDataReader row) => row.GetGuid(0);
    }
}
