using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gamekeeper.Server;
using Gamekeeper.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Server;

/// <summary>The real application on Kestrel and a free loopback port, in this process.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    /// <summary>Nobody listens there: for what must be refused before the database is asked.</summary>
    public const string NoDatabase = "Host=127.0.0.1;Port=1;Database=none;Username=none;Password=none;Timeout=1";

    private readonly WebApplication _app;

    private ServerHost(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
        Client = NewClient();
    }

    public Uri Address { get; }

    /// <summary>Without a credential.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ServerHost> StartAsync(
        string connectionString,
        IDictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var app = GamekeeperApp.Build(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Environment.EnvironmentName = "Test";
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["ConnectionStrings:Postgres"] = connectionString,
                        ["Gamekeeper:MasterKey"] = TestDatabase.MasterKeyText,
                        ["Gamekeeper:Storage:Folder"] = TestObjects.FolderOf(new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!),
                        // Passwords are hashed often here, and are nobody's.
                        ["Gamekeeper:Accounts:PasswordIterations"] = "1000",
                        ["Gamekeeper:RateLimit:PerMinute"] = "",
                        ["Gamekeeper:RateLimit:SignInPerMinute"] = "",
                        ["Gamekeeper:RateLimit:ServiceKeyPerMinute"] = "",
                        ["Gamekeeper:Database:MaxOutage"] = "00:00:02",
                        // Beside the results of the tests there is room for failures that nobody foresaw, and nothing else.
                        ["Logging:Console:LogLevel:Default"] = "Error",
                        ["Logging:Console:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Critical",
                    }
                );
                builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
                configure?.Invoke(builder);
            }
        );
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new(app, new Uri(address));
    }

    public HttpClient NewClient(string? token = null)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal static class Answers
{
    /// <summary>The body as JSON.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).Clone();

    /// <summary>Asserts that the answer is problem details of this status and code, and hands them back.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var problem = await response.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe(code, problem.ToString());
        ((int)response.StatusCode).ShouldBe(status);
        ShapeOfProblem(response, problem);
        return problem;
    }

    /// <summary>What every answer of 400 and above has, whatever it is about.</summary>
    public static void ShapeOfProblem(HttpResponseMessage response, JsonElement problem)
    {
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("status").GetInt32().ShouldBe((int)response.StatusCode);
        problem.GetProperty("code").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("type").GetString().ShouldBe("urn:gamekeeper:error:" + problem.GetProperty("code").GetString());
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("requestId").GetGuid().ToString().ShouldBe(response.Headers.GetValues("X-Request-Id").Single());
    }
}
