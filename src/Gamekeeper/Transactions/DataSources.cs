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
        if (options.Pooling == DatabasePooling.PgBouncerTransaction)
            RefuseSessionSettings(text);
        text.MaxPoolSize = options.MaxConnections;
        text.Timeout = (int)options.ConnectTimeout.TotalSeconds;
        // Settings are transaction-local only, so there is nothing to reset and a round trip to save.
        text.NoResetOnClose = true;
        text.MaxAutoPrepare = options.Pooling == DatabasePooling.Direct ? 200 : 0;
        text.AutoPrepareMinUsages = 2;
        // A page of cards is some 40 KB; with Npgsql's 8 KB every piece of it is a wait of its own.
        text.ReadBufferSize = 64 * 1024;
        text.ApplicationName ??= name;
        // The failing row stands in PostgreSQL's DETAIL; it may be personal and must not reach a log.
        text.IncludeErrorDetail = false;
        return new NpgsqlDataSourceBuilder(text.ConnectionString) { Name = name }.Build();
    }

    // PgBouncer refuses every connection that asks for these, which looks like a database that is away and not like a mistake of ours.
    private static void RefuseSessionSettings(NpgsqlConnectionStringBuilder text)
    {
        var setting =
            !string.IsNullOrEmpty(text.SearchPath) ? "Search Path"
            : !string.IsNullOrEmpty(text.Options) ? "Options"
            : null;
        if (setting is not null)
        {
            throw new GamekeeperException(
                "configuration.invalid",
                $"The connection string for PostgreSQL sets {setting}, which PgBouncer in transaction mode refuses. Leave it out and set it for the role: alter role … set …."
            );
        }
    }
}
