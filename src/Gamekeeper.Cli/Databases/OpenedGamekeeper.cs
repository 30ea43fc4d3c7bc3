using Gamekeeper.Caching;
using Gamekeeper.Cli.Home;
using Gamekeeper.EmbeddedPostgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Gamekeeper.Cli.Databases;

/// <summary>The core and the games on a reached database, as the server has them, without a server.</summary>
internal sealed class OpenedGamekeeper : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private const string RedisVariable = "ConnectionStrings__Redis";
    private static readonly TimeSpan LongestJoin = TimeSpan.FromSeconds(40);

    private readonly IAsyncDisposable? _database;
    private IReadOnlyList<IHostedService> _hosted = [];

    private OpenedGamekeeper(string where, ServiceProvider services, IAsyncDisposable? database) =>
        (Where, _services, _database) = (where, services, database);

    /// <summary>Which database, in words without a secret.</summary>
    public string Where { get; }

    /// <summary>One of the product's verbs.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Reaches the database of this invocation, which must be there; a private one that is down is started until this is disposed.</summary>
    /// <exception cref="GamekeeperException"><c>database.unavailable</c>: there is no private database yet.</exception>
    public static async Task<OpenedGamekeeper> OpenAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await RefuseNothingAsync(invocation, cancellationToken);
        var database = await ReachedDatabase.OpenAsync(invocation, cancellationToken);
        try
        {
            return new OpenedGamekeeper(database.Where, Build(database.Settings()), database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same as a node among those that answer from caches, for as long as it is open; it answers from its own when this returns.</summary>
    /// <exception cref="GamekeeperException"><c>redis.missing</c>: no Redis is configured, so there is nothing that nodes share.</exception>
    public static async Task<OpenedGamekeeper> JoinCachesAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RedisVariable)))
            throw new GamekeeperException(
                "redis.missing",
                $"{RedisVariable} names no Redis, so every server caches in its own memory: POST /v1/ops/cache/warm warms the one that answers.");
        await RefuseNothingAsync(invocation, cancellationToken);
        var database = await ReachedDatabase.OpenAsync(invocation, cancellationToken);
        var opened = new OpenedGamekeeper(database.Where, Build(database.Settings(), caches: true), database);
        try
        {
            foreach (var service in opened._services.GetServices<IHostedService>())
                await service.StartAsync(cancellationToken);
            opened._hosted = [.. opened._services.GetServices<IHostedService>().Reverse()];
            using var limit = new CancellationTokenSource(LongestJoin, invocation.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            while (!opened.Get<GameCache>().IsServing)
            {
                if (limit.IsCancellationRequested)
                    throw new GamekeeperException("redis.missing", $"This process could not join the caches within {LongestJoin.TotalSeconds:0} s: {opened.Get<CacheStatistics>().Node().Redis?.Problem ?? "PostgreSQL gave it no lease"}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), invocation.Clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same on what runs at this moment: nothing is started.</summary>
    public static async Task<OpenedGamekeeper> LookAsync(Invocation invocation, EmbeddedPostgresStatus running, CancellationToken cancellationToken)
    {
        if (DatabaseChoice.Of(invocation.Connection, Environment.GetEnvironmentVariable) is not DatabaseChoice.Private)
            return await OpenAsync(invocation, cancellationToken);
        var secrets = new Secrets(invocation.Home.SecretsFolder);
        return new OpenedGamekeeper(
            "the private database",
            Build(new Dictionary<string, string?>
            {
                ["ConnectionStrings:Postgres"] = Address(DatabaseRole.App),
                ["ConnectionStrings:PostgresOwner"] = Address(DatabaseRole.Owner),
                ["Gamekeeper:MasterKey"] = secrets.MasterKey(),
            }),
            null);

        string Address(DatabaseRole role) =>
            new NpgsqlConnectionStringBuilder
            {
                Host = running.SocketDirectory,
                Port = running.Port!.Value,
                Database = PrivateDatabase.Name,
                Username = role.RoleName(),
                Password = secrets.RolePassword(role.RoleName()),
                Timeout = 3,
            }.ConnectionString;
    }

    /// <summary>The same on a private database that is held already, and goes on being held.</summary>
    public static OpenedGamekeeper On(PrivateDatabase database) => new("the private database", Build(database.Settings()), null);

    /// <summary>Without a database, for verbs that look at the code alone.</summary>
    public static OpenedGamekeeper WithoutDatabase() => new("no database", Build(new Dictionary<string, string?>()), null);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _hosted)
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    private static ServiceProvider Build(IReadOnlyDictionary<string, string?> settings, bool caches = false)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        var games = services
            .AddGamekeeper(options =>
            {
                configuration.GetSection("Gamekeeper:Database").Bind(options);
                options.ConnectionString = configuration.GetConnectionString("Postgres");
            })
            .AddSummonersGrid()
            .AddOperations();
        if (caches)
            games.AddCache();
        return services.BuildServiceProvider();
    }

    private static async Task RefuseNothingAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (DatabaseChoice.Of(invocation.Connection, Environment.GetEnvironmentVariable) is not DatabaseChoice.Private)
            return;
        var status = await EmbeddedPostgresServer.StatusAsync(invocation.Home.DatabaseFolder, cancellationToken);
        if (status.MajorVersion is null)
            throw new GamekeeperException(
                "database.unavailable",
                $"There is no private database under {invocation.Home.Path} yet, and {ReachedDatabase.ApplicationVariable} names no other. Run './gamekeeper up' first.");
    }
}
