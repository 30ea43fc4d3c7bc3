using System.Security.Cryptography;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Migrations.Provisioning;
using Npgsql;

namespace Gamekeeper.Benchmarks.Volume;

/// <summary>A durable PostgreSQL of this run's own, reached over its unix socket alone; everything is removed with it.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly EmbeddedPostgresServer _server;
    private readonly string _folder;
    private readonly RolePasswords _passwords = new(NewPassword(), NewPassword(), NewPassword(), NewPassword(), NewPassword());
    private readonly DatabaseProvisioner _provisioner;

    private BenchServer(EmbeddedPostgresServer server, string folder) =>
        (_server, _folder, _provisioner) = (server, folder, new DatabaseProvisioner(server.ConnectionString("postgres")));

    public PostgresInstallation Installation => _server.Installation;

    public string MasterKey { get; } = Privacy.MasterKey.NewText();

    public static async Task<BenchServer> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gamekeeper-bench-").FullName;
        var server = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { Directory = folder, SocketOnly = true, Durability = Durability.Full, Settings = Sized() },
            cancellationToken
        );
        return new BenchServer(server, folder);
    }

    /// <summary>A provisioned, empty database.</summary>
    public async Task CreateAsync(string database, CancellationToken cancellationToken) =>
        await _provisioner.ProvisionAsync(new ProvisioningRequest(database, _passwords), cancellationToken);

    /// <summary>A copy of a database; whoever is connected to that is sent away, since a copy takes it for itself.</summary>
    public async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync("postgres", cancellationToken);
        await using (var alone = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", connection))
        {
            alone.Parameters.Add(new() { Value = from });
            await alone.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var command = new NpgsqlCommand($"create database {to} template {from} strategy file_copy", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await _provisioner.ApplySettingsAsync(to, cancellationToken);
    }

    public string Superuser(string database) => _server.ConnectionString(database);

    public string App(string database) => As(database, "gamekeeper_app", _passwords.App);

    public string Owner(string database) => As(database, "gamekeeper_owner", _passwords.Owner);

    /// <summary>A connection as superuser, outside of every pool.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Superuser(database)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(StopMode.Immediate);
        await _server.DisposeAsync();
        Directory.Delete(_server.RelocatedFrom is null ? _folder : _server.DataDirectory, recursive: true);
    }

    // A quarter of the memory, as PostgreSQL's manual advises for a server of its own: https://www.postgresql.org/docs/15/runtime-config-resource.html
    // Four databases stand side by side, and a table that lies outside of it would be measured as a disk. Checkpoints fall between runs.
    private static Dictionary<string, string> Sized() =>
        new()
        {
            ["shared_buffers"] = $"{Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 >> 20, 128, 4096)}MB",
            ["max_wal_size"] = "8GB",
        };

    private string As(string database, string role, string? password) =>
        new NpgsqlConnectionStringBuilder(Superuser(database)) { Username = role, Password = password }.ConnectionString;

    private static string NewPassword() => RandomNumberGenerator.GetHexString(32);
}
