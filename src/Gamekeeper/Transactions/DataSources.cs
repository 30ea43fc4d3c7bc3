using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>Turns a connection string into a data source with the settings that every connection of ours has.</summary>
internal static class DataSources
{
    public static NpgsqlDataSource Build(string connectionString, string name, GameDatabaseOptions options)
    {
        NpgsqlConnectionStringBuilder text;
        try
        {
            text = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new GamekeeperException(
                "configuration.invalid",
                $"The connection string for PostgreSQL cannot be read: {failure.Message} It has the form Host=…;Port=…;Database=…;Username=…;Password=….",
                failure
            );
        }
        text.MaxPoolSize = options.MaxConnections;
        text.Timeout = (int)options.ConnectTimeout.TotalSeconds;
        // Settings are transaction-local only, so there is nothing to reset and a round trip to save.
        text.NoResetOnClose = true;
        text.MaxAutoPrepare = options.Pooling == DatabasePooling.Direct ? 200 : 0;
        text.AutoPrepareMinUsages = 2;
        text.ApplicationName ??= name;
        // The failing row stands in PostgreSQL's DETAIL; it may be personal and must not reach a log.
        text.IncludeErrorDetail = false;
        return new NpgsqlDataSourceBuilder(text.ConnectionString) { Name = name }.Build();
    }
}
