using System.Globalization;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gamekeeper.Benchmarks.Volume;

/// <summary>One database at one volume, with the product on it as the application role and pgbench beside it.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    /// <summary>Cards of one collector.</summary>
    public const int CollectionSize = 200;

    private readonly BenchServer _server;
    private readonly ServiceProvider _services;
    private bool _hasDocuments;

    private BenchDatabase(BenchServer server, string name, BenchOptions options, int maxConnections)
    {
        (_server, Name, Options) = (server, name, options);
        _services = NewProcess(maxConnections);
        PgBench = new PgBench(server.Installation, server.App(name));
    }

    public string Name { get; }

    public BenchOptions Options { get; }

    public PgBench PgBench { get; }

    public TimeProvider Clock => Get<TimeProvider>();

    /// <summary>How many cards were loaded.</summary>
    public int Cards { get; private set; }

    /// <summary>Numbers of the players that hold <see cref="CollectionSize"/> cards each, strewn over what was loaded last.</summary>
    public IReadOnlyList<int> Collectors { get; private set; } = [];

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A new database with the players and templates in it.</summary>
    public static async Task<BenchDatabase> CreateAsync(BenchServer server, string name, BenchOptions options, CancellationToken cancellationToken)
    {
        await server.CreateAsync(name, cancellationToken);
        var database = new BenchDatabase(server, name, options, maxConnections: 64);
        await database.Get<Migrator>().UpAsync(cancellationToken: cancellationToken);
        await database.RunAsync("users.sql", [("users", options.Users), ("templates", options.Templates)], cancellationToken);
        return database;
    }

    /// <summary>The same data once more, under another name; the connections to this one end.</summary>
    public async Task<BenchDatabase> CopyAsync(string name, CancellationToken cancellationToken)
    {
        await _server.CopyAsync(Name, name, cancellationToken);
        return new BenchDatabase(_server, name, Options, maxConnections: 8) { Cards = Cards, Collectors = Collectors };
    }

    /// <summary>Adds cards until there are so many.</summary>
    public async Task LoadAsync(int cards, CancellationToken cancellationToken)
    {
        var collectors = Math.Clamp((cards - Cards) / (2 * CollectionSize), 1, 20);
        var first = 2 + (Collectors.Count > 0 ? Collectors[^1] : 0);
        await RunAsync(
            "cards.sql",
            [("from", Cards), ("to", cards), ("users", Options.Users), ("templates", Options.Templates), ("collectors", collectors), ("first_collector", first)],
            cancellationToken
        );
        (Cards, Collectors) = (cards, [.. Enumerable.Range(first, collectors)]);
    }

    /// <summary>Adds a deck for every player, unless that was done before.</summary>
    public async Task LoadDocumentsAsync(CancellationToken cancellationToken)
    {
        if (_hasDocuments)
            return;
        await RunAsync("documents.sql", [("users", Options.Users), ("templates", Options.Templates)], cancellationToken);
        await SettleAsync(cancellationToken);
        _hasDocuments = true;
    }

    /// <summary>What a server does by itself in time, done now, so that it does not fall into a measurement.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => ExecuteAsync("vacuum (analyze, freeze); checkpoint", cancellationToken);

    /// <summary>The id of a loaded player.</summary>
    public async Task<IReadOnlyList<Guid>> PlayersAsync(IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        await using var connection = await _server.OpenAsync(Name, cancellationToken);
        await using var command = new NpgsqlCommand("select bench.player(n) from unnest($1) with ordinality as p (n, place) order by place", connection)
        {
            Parameters = { new() { Value = numbers.ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var players = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            players.Add(reader.GetGuid(0));
        return players;
    }

    /// <summary>Names of loaded players: an adjective, a noun and a number, and the first two as they are displayed.</summary>
    public async Task<IReadOnlyList<(string Username, string DisplayName)>> NamesAsync(IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        var list = string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        var rows = await QueryAsync($"select username, display_name from summoners_grid.users where id in (select bench.player(n) from unnest(array[{list}]) n)", cancellationToken);
        return [.. rows.Select(r => (r[0], r[1]))];
    }

    /// <summary>A connection outside of every pool; the caller disposes it.</summary>
    public Task<NpgsqlConnection> OpenAsSuperuserAsync(CancellationToken cancellationToken) => _server.OpenAsync(Name, cancellationToken);

    /// <summary>Runs a file of this folder as superuser, with settings <c>bench.*</c>.</summary>
    public async Task RunAsync(string file, IEnumerable<(string Name, object Value)> settings, CancellationToken cancellationToken)
    {
        await using var stream = typeof(BenchDatabase).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"No file {file}.");
        using var reader = new StreamReader(stream);
        await using var connection = await _server.OpenAsync(Name, cancellationToken);
        foreach (var (name, value) in settings)
        {
            await using var set = new NpgsqlCommand("select set_config('bench.' || $1, $2, false)", connection)
            {
                Parameters = { new() { Value = name }, new() { Value = Convert.ToString(value, CultureInfo.InvariantCulture) } },
            };
            await set.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var command = new NpgsqlCommand(await reader.ReadToEndAsync(cancellationToken), connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs statements as superuser, each by itself.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await _server.OpenAsync(Name, cancellationToken);
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>The rows of a query as text, by column, as the application role sees them.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_server.App(Name));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<IReadOnlyList<string>>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    /// <summary>The product once more on this database, as another process would have it; the caller disposes it.</summary>
    /// <param name="maxConnections">Of its own pool.</param>
    /// <param name="configure">What it has beside the game.</param>
    public ServiceProvider NewProcess(int maxConnections, Action<GamekeeperBuilder>? configure = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["DOTNET_ENVIRONMENT"] = "Development",
                    ["ConnectionStrings:Postgres"] = _server.App(Name),
                    ["ConnectionStrings:PostgresOwner"] = _server.Owner(Name),
                    ["Gamekeeper:MasterKey"] = _server.MasterKey,
                }
            )
            .Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        var builder = services
            .AddGamekeeper(o =>
            {
                o.ConnectionString = _server.App(Name);
                o.MaxConnections = maxConnections;
            })
            .AddSummonersGrid();
        configure?.Invoke(builder);
        return services.BuildServiceProvider(validateScopes: true);
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
