using System.Net.Http.Json;
using System.Text.Json;
using Gamekeeper.Accounts;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.AspNetCore.Builder;

namespace Gamekeeper.Tests.Server;

/// <summary>A database of one's own, a server on it, and callers of every kind.</summary>
internal sealed class ServerWorld : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly List<HttpClient> _clients = [];
    private int _players;
    private int _keys;

    private ServerWorld(TestDatabase database, ServerHost server) => (Database, Server) = (database, server);

    public TestDatabase Database { get; }

    public ServerHost Server { get; }

    public HttpClient Anonymous => Server.Client;

    public static async Task<ServerWorld> CreateAsync(
        IDictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        bool withCards = false
    )
    {
        var database = await TestDatabase.CreateAsync();
        if (withCards)
            await database.Get<SeedAlphaSet>().RunAsync(CancellationToken.None);
        var all = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>());
        await Caching.CacheCluster.NameItselfAsync(database);
        // As in production, and so that everything a server caches is seen by whoever watches that Redis.
        all.TryAdd("ConnectionStrings:Redis", (await TestRedis.SharedIfAnyAsync())?.ConnectionString);
        return new(database, await ServerHost.StartAsync(database.ConnectionString(TestRole.App), all, configure));
    }

    /// <summary>A player who signed up and in over the wire.</summary>
    public async Task<Person> PlayerAsync()
    {
        var name = $"player{Interlocked.Increment(ref _players)}";
        using var signUp = await Anonymous.PostAsJsonAsync("/v1/accounts", new { username = name, password = Password });
        signUp.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        using var signIn = await Anonymous.PostAsJsonAsync("/v1/sessions", new { login = name, password = Password });
        return Of(name, await signIn.JsonAsync());
    }

    /// <summary>The operator, by a one-time code.</summary>
    public async Task<Person> OperatorAsync()
    {
        var code = await Database.Get<OneTimeCodes>().CreateOperatorCodeAsync();
        using var signIn = await Anonymous.PostAsJsonAsync("/v1/sessions", new { code = code.Code });
        return Of("operator", await signIn.JsonAsync());
    }

    /// <summary>A client with a service key of these scopes.</summary>
    public async Task<HttpClient> ServiceAsync(params string[] scopes)
    {
        var outcome = await Database.Get<ServiceKeys>().CreateAsync(new ServiceKeyInput("test", scopes), Actor.System(Database.Clock));
        return Client(outcome.ShouldBeOfType<CreateServiceKeyOutcome.Created>().Text);
    }

    public HttpClient Client(string token)
    {
        var client = Server.NewClient(token);
        _clients.Add(client);
        return client;
    }

    /// <summary>A request with a body and a fresh idempotency key, or the key given.</summary>
    public Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key ?? $"key-{Interlocked.Increment(ref _keys)}");
        return client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await Server.DisposeAsync();
        await Database.DisposeAsync();
    }

    private Person Of(string name, JsonElement tokens) =>
        new(
            name,
            tokens.GetProperty("accountId").GetGuid(),
            tokens.GetProperty("sessionId").GetGuid(),
            tokens.GetProperty("refreshToken").GetString()!,
            Client(tokens.GetProperty("accessToken").GetString()!)
        );
}

/// <summary>Someone who is signed in.</summary>
internal sealed record Person(string Username, Guid Id, Guid Session, string RefreshToken, HttpClient Client);
