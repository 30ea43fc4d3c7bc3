using System.Security.Cryptography;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Migrations;
using Gamekeeper.Migrations.Provisioning;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace Gamekeeper.Tests.Harness;

/// <summary>
/// One PostgreSQL for the whole run, started when the first test asks for a database: provisioned, and migrated once into a template that
/// is copied for whoever needs one. Nothing on it is durable. GAMEKEEPER_TEST_POSTGRES, the connection string of a superuser, names a
/// server to use instead; its gamekeeper_* roles get new passwords.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<RunningCluster>> Started = new(RunningCluster.StartAsync);

    internal static Task<RunningCluster> RunningAsync() => Started.Value;

    public async ValueTask DisposeAsync()
    {
        if (Started.IsValueCreated)
            await (await Started.Value).DisposeAsync();
    }
}

internal sealed class RunningCluster : IAsyncDisposable
{
    private readonly EmbeddedPostgresServer? _server;
    private readonly string? _folder;
    private readonly string _superuser;
    private readonly RolePasswords _passwords = new(NewPassword(), NewPassword(), NewPassword(), NewPassword(), NewPassword());
    private readonly string _prefix = "gkt_" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    // CREATE DATABASE … TEMPLATE wants the template for itself.
    private readonly SemaphoreSlim _copying = new(1, 1);
    private int _made;

    private RunningCluster(EmbeddedPostgresServer? server, string? folder, string superuser) =>
        (_server, _folder, _superuser, Provisioner) = (server, folder, superuser, new DatabaseProvisioner(superuser));

    public DatabaseProvisioner Provisioner { get; }

    private string Migrated => _prefix + "_migrated";

    private string Empty => _prefix + "_empty";

    public static async Task<RunningCluster> StartAsync()
    {
        var cluster = await LaunchAsync();
        await cluster.Provisioner.ProvisionAsync(new ProvisioningRequest(cluster.Empty, cluster._passwords));
        await cluster.Provisioner.ProvisionAsync(new ProvisioningRequest(cluster.Migrated, cluster._passwords));
        await using var services = TestDatabase.BuildServices(cluster, cluster.Migrated, new TestDatabaseOptions(), clock: null, pooling: false);
        await services.GetRequiredService<Migrator>().UpAsync();
        return cluster;
    }

    /// <summary>A new database: migrated with all modules, or provisioned and otherwise empty.</summary>
    public async Task<string> CreateDatabaseAsync(bool migrated)
    {
        var name = $"{_prefix}_{Interlocked.Increment(ref _made)}";
        await _copying.WaitAsync();
        try
        {
            await ExecuteAsync($"create database {name} template {(migrated ? Migrated : Empty)}");
        }
        finally
        {
            _copying.Release();
        }
        await Provisioner.ApplySettingsAsync(name);
        return name;
    }

    /// <summary>
    /// With what pg_stat_statements holds of it: it keeps 5000 statements of all databases and gives up those seen least often, which
    /// would be the newest of a test that asks for them.
    /// </summary>
    public async Task DropDatabaseAsync(string name)
    {
        await ExecuteAsync(
            $"""
            do $$
            begin
              if to_regproc('pg_stat_statements_reset') is not null then
                perform pg_stat_statements_reset(0, oid, 0) from pg_database where datname = '{name}';
              end if;
            end
            $$
            """
        );
        await ExecuteAsync($"drop database if exists {name} with (force)");
    }

    public string ConnectionString(TestRole role, string database)
    {
        var text = new NpgsqlConnectionStringBuilder(_superuser) { Database = database, IncludeErrorDetail = false };
        if (role != TestRole.Superuser)
        {
            text.Username = "gamekeeper_" + role.ToString().ToLowerInvariant();
            text.Password = role switch
            {
                TestRole.Owner => _passwords.Owner,
                TestRole.App => _passwords.App,
                TestRole.Readonly => _passwords.Readonly,
                _ => _passwords.Auditor,
            };
        }
        return text.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        _copying.Dispose();
        if (_server is null)
        {
            await DropDatabaseAsync(Migrated);
            await DropDatabaseAsync(Empty);
            return;
        }
        await _server.StopAsync(StopMode.Immediate);
        await _server.DisposeAsync();
        Directory.Delete(_folder!, recursive: true);
    }

    private static async Task<RunningCluster> LaunchAsync()
    {
        if (Environment.GetEnvironmentVariable("GAMEKEEPER_TEST_POSTGRES") is { Length: > 0 } elsewhere)
            return new RunningCluster(null, null, elsewhere);
        var folder = Directory.CreateTempSubdirectory("gkt-").FullName;
        var server = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions
            {
                Directory = folder,
                Durability = Durability.None,
                Settings = new Dictionary<string, string> { ["max_connections"] = "400", ["autovacuum"] = "off", ["log_checkpoints"] = "off" },
            }
        );
        var cluster = new RunningCluster(server, folder, server.ConnectionString("postgres"));
        await cluster.ExecuteAsync("create extension if not exists pg_stat_statements");
        return cluster;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static string NewPassword() => RandomNumberGenerator.GetHexString(32);
}
