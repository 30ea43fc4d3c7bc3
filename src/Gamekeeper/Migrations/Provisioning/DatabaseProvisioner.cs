using Npgsql;

namespace Gamekeeper.Migrations.Provisioning;

/// <summary>
/// Makes roles and database ready for the first migration, as a superuser. Safe to repeat: what is there is brought up to date, nothing is
/// dropped. The SQL lies beside this class for an administrator who would rather run it by hand.
/// </summary>
public sealed class DatabaseProvisioner(string superuserConnectionString)
{
    /// <summary>The oldest PostgreSQL that is supported.</summary>
    public const int OldestMajorVersion = 15;

    /// <summary>Roles, database, grants, limits.</summary>
    /// <exception cref="GamekeeperException"><c>provisioning.version</c>: the server is older than 15. <c>provisioning.failed</c>: PostgreSQL refused; the message says what.</exception>
    public async Task ProvisionAsync(ProvisioningRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            await using (var server = await OpenAsync(database: null, cancellationToken))
            {
                RefuseOld(server.PostgreSqlVersion);
                await SetAsync(server, request, cancellationToken);
                await RunAsync(server, "provision.roles.sql", cancellationToken);
                await CreateDatabaseAsync(server, request.Database, cancellationToken);
                await RunAsync(server, "provision.database.sql", cancellationToken);
            }
            await using var inside = await OpenAsync(request.Database, cancellationToken);
            await RunAsync(inside, "provision.inside.sql", cancellationToken);
        }
        catch (PostgresException failure)
        {
            throw new GamekeeperException(
                "provisioning.failed",
                $"PostgreSQL refused to provision '{request.Database}': {failure.SqlState} {failure.MessageText}. Provision as a superuser.",
                failure
            );
        }
    }

    /// <summary>Owner, grants and limits of a database that was made some other way, such as a copy of a template: PostgreSQL does not copy them.</summary>
    public async Task ApplySettingsAsync(string database, CancellationToken cancellationToken = default)
    {
        await using var server = await OpenAsync(database: null, cancellationToken);
        await SetAsync(server, new ProvisioningRequest(database, new RolePasswords()), cancellationToken);
        await RunAsync(server, "provision.database.sql", cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenAsync(string? database, CancellationToken cancellationToken)
    {
        var text = new NpgsqlConnectionStringBuilder(superuserConnectionString) { Pooling = false, ApplicationName = "gamekeeper-provision" };
        if (database is not null)
            text.Database = database;
        var connection = new NpgsqlConnection(text.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    internal static void RefuseOld(Version server)
    {
        if (server.Major < OldestMajorVersion)
        {
            throw new GamekeeperException(
                "provisioning.version",
                $"This server is PostgreSQL {server}; Gamekeeper needs {OldestMajorVersion} or later. Upgrade the server, or name another."
            );
        }
    }

    private static async Task SetAsync(NpgsqlConnection server, ProvisioningRequest request, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select set_config('provision.' || name, value, false) from unnest($1::text[], $2::text[]) settings (name, value)",
            server
        );
        (string Name, string? Value)[] settings =
        [
            ("database", request.Database),
            ("app_connections", (request.AppConnections ?? -1).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("owner_password", Hash(request.Passwords.Owner)),
            ("app_password", Hash(request.Passwords.App)),
            ("readonly_password", Hash(request.Passwords.Readonly)),
            ("backup_password", Hash(request.Passwords.Backup)),
            ("auditor_password", Hash(request.Passwords.Auditor)),
        ];
        command.Parameters.Add(new() { Value = settings.Select(s => s.Name).ToArray() });
        command.Parameters.Add(new() { Value = settings.Select(s => s.Value ?? "").ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string? Hash(string? password) => password is null ? null : ScramVerifier.Of(password);

    private static async Task CreateDatabaseAsync(NpgsqlConnection server, string database, CancellationToken cancellationToken)
    {
        // The server quotes the name: CREATE DATABASE takes no parameters and runs in no function.
        await using var look = new NpgsqlCommand(
            """
            select format('create database %I owner gamekeeper_owner encoding ''UTF8'' locale ''C.UTF-8'' template template0', $1::text)
            where not exists (select from pg_database where datname = $1)
            """,
            server
        );
        look.Parameters.Add(new() { Value = database });
        if (await look.ExecuteScalarAsync(cancellationToken) is not string create)
            return;
        await using var command = new NpgsqlCommand(create, server) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string script, CancellationToken cancellationToken)
    {
        using var stream = typeof(DatabaseProvisioner).Assembly.GetManifestResourceStream($"Gamekeeper.Migrations.Provisioning.{script}")!;
        using var reader = new StreamReader(stream);
        foreach (var statement in SqlScript.Split(await reader.ReadToEndAsync(cancellationToken)))
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(statement.Text) } };
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
