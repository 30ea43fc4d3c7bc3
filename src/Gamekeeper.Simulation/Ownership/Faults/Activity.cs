using Npgsql;

namespace Gamekeeper.Simulation.Ownership.Faults;

/// <summary>What PostgreSQL is doing, seen over a connection of our own that ends with it.</summary>
internal sealed class Activity(string connectionString, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private NpgsqlConnection? _connection;

    /// <summary>Open transactions of servers, those at their COMMIT first. None when the database is away.</summary>
    public async Task<IReadOnlyList<Backend>> LookAsync(IReadOnlyList<string> applications, CancellationToken cancellationToken)
    {
        const string sql =
            """
            select pid, application_name, query ~* '^\s*commit' and state = 'active' as committing
            from pg_stat_activity
            where application_name = any ($1) and xact_start is not null
            order by committing desc, xact_start
            """;
        try
        {
            _connection ??= await ConnectAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, _connection) { Parameters = { new() { Value = applications.ToArray() } } };
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var backends = new List<Backend>();
            while (await rows.ReadAsync(cancellationToken))
                backends.Add(new Backend(rows.GetInt32(0), rows.GetString(1), rows.GetBoolean(2)));
            return backends;
        }
        catch (NpgsqlException)
        {
            await ForgetAsync();
            return [];
        }
    }

    /// <summary>Returns when PostgreSQL has noticed that one of its processes died: that ends every connection, ours too.</summary>
    public async Task LostAsync(CancellationToken cancellationToken)
    {
        while (_connection is not null)
        {
            await LookAsync([], cancellationToken);
            await Task.Delay(LookAgain, clock, cancellationToken);
        }
    }

    /// <summary>Returns when PostgreSQL serves again.</summary>
    /// <exception cref="TimeoutException">It does not within two minutes.</exception>
    public async Task RecoveredAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await ForgetAsync();
        while (true)
        {
            try
            {
                _connection = await ConnectAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException failure)
            {
                if (clock.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
                    throw new TimeoutException("PostgreSQL has not recovered within two minutes of a SIGKILL.", failure);
                await Task.Delay(LookAgain, clock, cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => ForgetAsync();

    private async ValueTask ForgetAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = null;
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5, CommandTimeout = 10 };
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A process of PostgreSQL with an open transaction of one of our servers.</summary>
internal readonly record struct Backend(int ProcessId, string Application, bool IsCommitting);
