using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gamekeeper.Tests.Harness;

/// <summary>How a test wants its database.</summary>
/// <param name="Migrated">With all modules' schemas; false gives a provisioned, empty one.</param>
/// <param name="CountRoundTrips">Lets the application's connections pass through a relay; see <see cref="TestDatabase.RoundTrips"/>.</param>
/// <param name="Modules">Adds the games; null for <see cref="TestModules.AddAll"/>.</param>
/// <param name="Configure">Adds to the services after the games.</param>
/// <param name="Environment">The environment's name.</param>
/// <param name="Bouncer">Lets the application's connections pass through it, with the switch for it set.</param>
internal sealed record TestDatabaseOptions(
    bool Migrated = true,
    bool CountRoundTrips = false,
    Func<GamekeeperBuilder, GamekeeperBuilder>? Modules = null,
    Action<IServiceCollection>? Configure = null,
    string Environment = "Test",
    PgBouncer? Bouncer = null
);

/// <summary>
/// A database of one test's own, copied from the migrated template, with the services of a process that runs on it as the application
/// role. Dropped when disposed.
/// </summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>Of every process in this run.</summary>
    public static readonly string MasterKeyText = MasterKey.NewText();

    private readonly RunningCluster _cluster;
    private readonly RoundTripCounter? _roundTrips;

    private TestDatabase(RunningCluster cluster, string name, ServiceProvider services, RoundTripCounter? roundTrips) =>
        (_cluster, Name, Services, _roundTrips) = (cluster, name, services, roundTrips);

    public string Name { get; }

    public ServiceProvider Services { get; }

    /// <summary>As the application role.</summary>
    public GameDatabase Database => Get<GameDatabase>();

    public TimeProvider Clock => Get<TimeProvider>();

    /// <summary>How often the application waited for an answer.</summary>
    public RoundTripCounter RoundTrips =>
        _roundTrips ?? throw new InvalidOperationException("Ask for it: TestDatabaseOptions(CountRoundTrips: true).");

    public static async Task<TestDatabase> CreateAsync(TestDatabaseOptions? options = null, TimeProvider? clock = null)
    {
        options ??= new TestDatabaseOptions();
        var cluster = await TestCluster.RunningAsync();
        var name = await cluster.CreateDatabaseAsync(options.Migrated);
        var relay = options.CountRoundTrips ? RoundTripCounter.Start(cluster.ConnectionString(TestRole.App, name)) : null;
        var database = new TestDatabase(cluster, name, BuildServices(cluster, name, options, clock, pooling: true, relay?.ConnectionString), relay);
        // On a clock of the test's own nothing is tidied up by itself.
        if (relay is not null && options.Migrated && clock is null)
            relay.Settle = () => Soon.TrueAsync(database.HasToldAllAsync, "what writes made old was told and tidied up");
        return database;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public string ConnectionString(TestRole role) => _cluster.ConnectionString(role, Name);

    /// <summary>A second process on the same database, with a clock and services of its own; dispose it before the database.</summary>
    public ServiceProvider SecondProcess(TestDatabaseOptions? options = null, TimeProvider? clock = null) =>
        BuildServices(_cluster, Name, options ?? new TestDatabaseOptions(), clock, pooling: true);

    /// <summary>A connection outside of every pool; the caller disposes it.</summary>
    public async Task<NpgsqlConnection> OpenAsync(TestRole role)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(role)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs SQL as a role, on a connection of its own, and returns how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(TestRole role, string sql)
    {
        await using var connection = await OpenAsync(role);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row, as a role; null when there is no row or no value.</summary>
    public async Task<T?> ScalarAsync<T>(TestRole role, string sql)
    {
        await using var connection = await OpenAsync(role);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>The first column of every row, as a role.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(TestRole role, string sql)
    {
        await using var connection = await OpenAsync(role);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    private async Task<bool> HasToldAllAsync() =>
        await ScalarAsync<long>(TestRole.App, "select count(*) from core.waiting_invalidations('0 s', 1)") == 0;

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        if (_roundTrips is not null)
            await _roundTrips.DisposeAsync();
        await _cluster.DropDatabaseAsync(Name);
    }

    internal static ServiceProvider BuildServices(
        RunningCluster cluster,
        string database,
        TestDatabaseOptions options,
        TimeProvider? clock,
        bool pooling,
        string? appConnectionString = null
    )
    {
        var way = appConnectionString ?? cluster.ConnectionString(TestRole.App, database);
        var app = new NpgsqlConnectionStringBuilder(options.Bouncer?.Route(way) ?? way) { Pooling = pooling };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["DOTNET_ENVIRONMENT"] = options.Environment,
                ["ConnectionStrings:Postgres"] = app.ConnectionString,
                ["ConnectionStrings:PostgresOwner"] = cluster.ConnectionString(TestRole.Owner, database),
                ["Gamekeeper:MasterKey"] = MasterKeyText,
                ["Gamekeeper:Storage:Folder"] = TestObjects.FolderOf(database),
                // A password must cost a sign-in and not a test run.
                ["Gamekeeper:Accounts:PasswordIterations"] = "1000",
            }
        ).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        if (clock is not null)
            services.AddSingleton(clock);
        var games = services.AddGamekeeper(o =>
        {
            o.ConnectionString = app.ConnectionString;
            o.Pooling = options.Bouncer is null ? DatabasePooling.Direct : DatabasePooling.PgBouncerTransaction;
        });
        (options.Modules ?? TestModules.AddAll)(games).AddOperations();
        // Who answers from caches is looked up once every half a lease, which is not what is counted.
        if (options.CountRoundTrips)
            services.Configure<Gamekeeper.Caching.CacheOptions>(o => o.Lease = TimeSpan.FromSeconds(30));
        options.Configure?.Invoke(services);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
