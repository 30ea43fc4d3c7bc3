using Npgsql;

namespace Gamekeeper.Migrations;

/// <summary>A connection of its own, outside every pool, as the role that owns the schemas: its lock ends when it closes.</summary>
internal static class OwnerConnection
{
    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>, <c>migrations.unreachable</c>.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(string? connectionString, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new GamekeeperException(
                "configuration.invalid",
                "Migrations run as the owner of the schemas and no connection string for that role is set. Set ConnectionStrings__PostgresOwner."
            );
        }
        NpgsqlConnectionStringBuilder text;
        try
        {
            text = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, IncludeErrorDetail = false };
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new GamekeeperException(
                "configuration.invalid",
                $"ConnectionStrings__PostgresOwner cannot be read: {failure.Message} It has the form Host=…;Port=…;Database=…;Username=…;Password=….",
                failure
            );
        }
        text.ApplicationName ??= $"gamekeeper-migrate {Environment.MachineName}/{Environment.ProcessId}";
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (NpgsqlException failure)
        {
            await connection.DisposeAsync();
            throw new GamekeeperException(
                "migrations.unreachable",
                $"PostgreSQL at {text.Host}:{text.Port}, database {text.Database}, does not let {text.Username} in: {failure.Message}. Check ConnectionStrings__PostgresOwner, and that the database was provisioned.",
                failure
            );
        }
    }
}
