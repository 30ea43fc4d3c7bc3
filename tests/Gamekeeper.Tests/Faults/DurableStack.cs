using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Migrations;
using Gamekeeper.Migrations.Provisioning;
using Gamekeeper.Tests.EmbeddedPostgres;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gamekeeper.Tests.Faults;

/// <summary>A durable PostgreSQL and a server process in front of it, both there to be killed and started again.</summary>
internal sealed class DurableStack : IAsyncDisposable
{
    private readonly ServerHome _home;
    private readonly EmbeddedPostgresServer _postgres;
    private readonly Dictionary<string, string> _environment;
    private Process? _server;

    private DurableStack(ServerHome home, EmbeddedPostgresServer postgres, ServiceProvider services, Dictionary<string, string> environment, Uri address)
    {
        (_home, _postgres, Services, _environment) = (home, postgres, services, environment);
        // No time-out of the client's own: a request ends when the server answers or dies.
        Http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The services of another process on the same database.</summary>
    public ServiceProvider Services { get; }

    public HttpClient Http { get; }

    public static async Task<DurableStack> StartAsync()
    {
        var home = ServerHome.Empty();
        var postgres = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = home.Path, Durability = Durability.Full, SocketOnly = true }
        );
        postgres.Durability.ShouldBe(Durability.Full);
        var passwords = new RolePasswords(Secret(), Secret(), Secret(), Secret(), Secret());
        await new DatabaseProvisioner(postgres.ConnectionString("postgres")).ProvisionAsync(new ProvisioningRequest("game", passwords));
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = As(postgres, "gamekeeper_app", passwords.App!),
            ["ConnectionStrings__PostgresOwner"] = As(postgres, "gamekeeper_owner", passwords.Owner!),
            ["Gamekeeper__MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["DOTNET_ENVIRONMENT"] = "Test",
        };
        var services = BuildServices(environment);
        await services.GetRequiredService<Migrator>().UpAsync();
        var stack = new DurableStack(home, postgres, services, environment, new Uri($"http://127.0.0.1:{FreePort()}"));
        await stack.StartServerAsync();
        return stack;
    }

    /// <summary>kill -9 of the postmaster, and recovery.</summary>
    public async Task KillPostgresAsync()
    {
        using (var postmaster = Process.GetProcessById(_postgres.ProcessId))
            postmaster.Kill();
        await _postgres.Exited;
        await _postgres.RestartAsync();
    }

    /// <summary>kill -9 of our own server, and a new one on the same address.</summary>
    public async Task KillServerAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        await StartServerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _server?.Kill();
        await Services.DisposeAsync();
        await _postgres.DisposeAsync();
        await _home.DisposeAsync();
    }

    private async Task StartServerAsync()
    {
        var start = new ProcessStartInfo("dotnet", [ServerAssembly(), "--urls", Http.BaseAddress!.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        start.Environment["Gamekeeper__RateLimit__PerMinute"] = "";
        _server = Process.Start(start)!;
        _server.OutputDataReceived += static (_, _) => { };
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        await Soon.TrueAsync(IsReadyAsync);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // The server is built beside the tests, in a folder of its own.
    private static string ServerAssembly() =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Gamekeeper.Server", "release", "Gamekeeper.Server.dll"));

    private static ServiceProvider BuildServices(Dictionary<string, string> environment)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(environment.ToDictionary(e => e.Key.Replace("__", ":", StringComparison.Ordinal), e => (string?)e.Value))
                .Build()
        );
        services.AddGamekeeper(o => o.ConnectionString = environment["ConnectionStrings__Postgres"]).AddSummonersGrid();
        return services.BuildServiceProvider();
    }

    private static string As(EmbeddedPostgresServer postgres, string role, string password) =>
        new NpgsqlConnectionStringBuilder(postgres.ConnectionString("game")) { Username = role, Password = password }.ConnectionString;

    private static string Secret() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
