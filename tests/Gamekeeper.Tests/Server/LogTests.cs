using System.Net.Http.Json;
using System.Text;
using Gamekeeper.Accounts;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Server.Health;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Tests.Server;

/// <summary>
/// What the server writes about a day with everything in it: good and bad requests, a failure nobody foresaw, a database that goes
/// away. All of it is caught, at every level that the server lets through.
/// </summary>
public sealed class LogTests : IAsyncLifetime
{
    private const string Grid = "/v1/summoners-grid";
    private const string Email = "log-secret-address@example.com";
    private const string Password = "log-secret-password";
    private const string WrongPassword = "log-secret-mistyped";
    private const string NewPassword = "log-secret-successor";
    private const string Message = "log-secret-message, between us";
    private const string Search = "log-secret-search";
    private const string Address = "203.0.113.77";

    private readonly LogCapture _logs = new();
    private readonly List<string> _secrets = [Email, "log-secret-address", Password, WrongPassword, NewPassword, Message, "log-secret", Address, TestDatabase.MasterKeyText];
    private TestDatabase _database = null!;
    private SwitchableRelay _way = null!;
    private ServerHost _server = null!;
    private int _keys;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.Get<SeedAlphaSet>().RunAsync(CancellationToken.None);
        _way = new SwitchableRelay(_database.ConnectionString(TestRole.App));
        _way.On();
        var settings = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:Console:LogLevel:Default"] = "None",
            ["Gamekeeper:TrustedProxies:0"] = "127.0.0.1",
        };
        _server = await ServerHost.StartAsync(_way.ConnectionString, settings, b => b.Services.AddSingleton<ILoggerFactory>(CapturingFactory));
        _secrets.Add(new NpgsqlConnectionStringBuilder(_way.ConnectionString).Password!);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _way.DisposeAsync();
        await _database.DisposeAsync();
        _logs.Dispose();
    }

    [Fact]
    public async Task Nothing_secret_or_personal_is_ever_logged()
    {
        var (ann, card, bob) = await GoodDayAsync();
        await BadRequestsAsync(ann);
        await UnforeseenFailureAsync(ann, card, bob);
        await LostDatabaseAsync(ann, card, bob);
        await _server.DisposeAsync();

        var told = _logs.Entries;
        // It was really listened to, with the failures in it.
        told.ShouldContain(e => e.Category.StartsWith("Gamekeeper.", StringComparison.Ordinal) && e.Level == LogLevel.Information);
        told.ShouldContain(e => e.EventId == 900 && e.Text.Contains("the moon is full", StringComparison.Ordinal));
        told.ShouldContain(e => e.EventId == 901 && e.Text.Contains("transactions.unavailable", StringComparison.Ordinal));
        (await _database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from core.activity_log where ip_address = '{Address}'")).ShouldBeGreaterThan(0);
        foreach (var secret in _secrets)
            told.Where(e => e.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(e => $"{secret}: {e}").ShouldBeEmpty();
    }

    private async Task<(HttpClient Ann, Guid Card, Guid Bob)> GoodDayAsync()
    {
        var ann = await SignUpAndInAsync("ann", Email);
        var bob = await SignUpAndInAsync("bob", null);
        var created = await _database.Get<ServiceKeys>().CreateAsync(new ServiceKeyInput("game", ["mint"]), Actor.System(_database.Clock));
        var key = created.ShouldBeOfType<CreateServiceKeyOutcome.Created>().Text;
        _secrets.AddRange(key, key[^43..]);
        using var game = Client(key);
        using var minted = await SendAsync(game, $"{Grid}/cards", new { ownerId = ann.Id, templateIds = new[] { "alpha-001" } });
        var card = (await ExpectAsync(minted, 201)).GetProperty("cardIds")[0].GetGuid();
        using var proposed = await ProposeAsync(ann.Client, card, bob.Id);
        var trade = (await ExpectAsync(proposed, 201)).GetProperty("id").GetGuid();
        using var declined = await SendAsync(bob.Client, $"{Grid}/trades/{trade}/decline", new { reason = "log-secret-reason" });
        await ExpectAsync(declined, 200);
        using var found = await ann.Client.GetAsync($"{Grid}/card-templates?text={Search}");
        await ExpectAsync(found, 200);
        using var refreshed = await _server.Client.PostAsJsonAsync("/v1/sessions/refresh", new { refreshToken = ann.Refresh });
        _secrets.Add((await ExpectAsync(refreshed, 200)).GetProperty("refreshToken").GetString()!);
        using var changed = await ann.Client.PostAsJsonAsync("/v1/accounts/me/password", new { oldPassword = Password, newPassword = NewPassword });
        await ExpectAsync(changed, 200);
        var code = (await _database.Get<OneTimeCodes>().CreateOperatorCodeAsync()).Code;
        _secrets.Add(code);
        using var op = await _server.Client.PostAsJsonAsync("/v1/sessions", new { code });
        await ExpectAsync(op, 200);
        return (ann.Client, card, bob.Id);
    }

    private async Task BadRequestsAsync(HttpClient ann)
    {
        using var anonymous = Client(null);
        await RefusedAsync(anonymous.PostAsJsonAsync("/v1/accounts", new { username = "eve", email = Email, password = Password }));
        await RefusedAsync(anonymous.PostAsJsonAsync("/v1/accounts", new { username = "e", email = "log-secret", password = "x" }));
        await RefusedAsync(anonymous.PostAsJsonAsync("/v1/sessions", new { login = Email, password = WrongPassword }));
        await RefusedAsync(anonymous.PostAsJsonAsync("/v1/sessions", new { code = "log-secret-code" }));
        await RefusedAsync(anonymous.PostAsJsonAsync("/v1/sessions/refresh", new { refreshToken = "log-secret-token" }));
        await RefusedAsync(anonymous.PostAsync("/v1/sessions", new StringContent($$"""{"login":"{{Email}}","password":"{{Password}}""", Encoding.UTF8, "application/json")));
        await RefusedAsync(anonymous.GetAsync($"/v1/{Search}?password={Password}"));
        await RefusedAsync(ann.GetAsync($"{Grid}/cards/{Search}"));
        await RefusedAsync(ann.GetAsync($"{Grid}/card-templates?limit={Search}"));
        await RefusedAsync(SendAsync(ann, $"{Grid}/trades", new { targetId = Search, offeredCards = Message }));
        using var forged = Client("gk_log-secret-key");
        await RefusedAsync(forged.GetAsync("/v1/accounts/me"));
    }

    /// <summary>The one kind of failure whose exception is logged whole.</summary>
    private async Task UnforeseenFailureAsync(HttpClient ann, Guid card, Guid bob)
    {
        await _database.ExecuteAsync(
            TestRole.Superuser,
            """
            create function summoners_grid.break_down() returns trigger language plpgsql as $$
            begin
              raise exception 'the moon is full' using detail = new.message, errcode = 'XX000';
            end $$;
            create trigger break_down before insert on summoners_grid.trade_proposals for each row execute function summoners_grid.break_down();
            """
        );
        using var broken = await ProposeAsync(ann, card, bob);
        await ExpectAsync(broken, 500);
    }

    private async Task LostDatabaseAsync(HttpClient ann, Guid card, Guid bob)
    {
        await _way.OffAsync();
        using var anonymous = Client(null);
        using var signIn = await anonymous.PostAsJsonAsync("/v1/sessions", new { login = Email, password = NewPassword });
        await ExpectAsync(signIn, 503);
        using var signUp = await anonymous.PostAsJsonAsync("/v1/accounts", new { username = "late", email = Email, password = Password });
        await ExpectAsync(signUp, 503);
        using var trade = await ProposeAsync(ann, card, bob);
        await ExpectAsync(trade, 503);
    }

    private async Task<(HttpClient Client, Guid Id, string Refresh)> SignUpAndInAsync(string username, string? email)
    {
        using var anonymous = Client(null);
        using var signUp = await anonymous.PostAsJsonAsync("/v1/accounts", new { username, email, password = Password });
        await ExpectAsync(signUp, 201);
        using var signIn = await anonymous.PostAsJsonAsync("/v1/sessions", new { login = email ?? username, password = Password });
        var tokens = await ExpectAsync(signIn, 200);
        var (access, refresh) = (tokens.GetProperty("accessToken").GetString()!, tokens.GetProperty("refreshToken").GetString()!);
        _secrets.AddRange(access, refresh);
        return (Client(access), tokens.GetProperty("accountId").GetGuid(), refresh);
    }

    private Task<HttpResponseMessage> ProposeAsync(HttpClient client, Guid card, Guid target) =>
        SendAsync(client, $"{Grid}/trades", new { targetId = target, offeredCards = new[] { card }, message = Message });

    private Task<HttpResponseMessage> SendAsync(HttpClient client, string path, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", $"key-{++_keys}");
        return client.SendAsync(request);
    }

    // As from behind the proxy.
    private HttpClient Client(string? token)
    {
        var client = _server.NewClient(token);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", Address);
        return client;
    }

    private ILoggerFactory CapturingFactory(IServiceProvider services)
    {
        var factory = new LoggerFactory(services.GetServices<ILoggerProvider>(), services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>());
        factory.AddProvider(_logs);
        return factory;
    }

    private static async Task<System.Text.Json.JsonElement> ExpectAsync(HttpResponseMessage answer, int status)
    {
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
    }
}
