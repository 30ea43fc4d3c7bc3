using Npgsql;

namespace Gamekeeper.Simulation.Proofs;

/// <summary>Asks the running server what a commit is worth. What survives without durability proves nothing, so a proof does not go on without.</summary>
internal static class DurabilityCheck
{
    /// <summary>The settings as they hold for the servers under proof, with whatever is set for their role and their database.</summary>
    /// <exception cref="NotDurableException">One of them is not <c>on</c>, there or for any role or database.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> RunAsync(IProofServers servers, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in await ReadAsync(servers.ServerConnection, Effective, cancellationToken))
            settings[name] = value;
        var set = await ReadAsync(servers.ObserverConnection, SetSomewhere, cancellationToken);
        var off = settings.Select(s => (s.Key, s.Value)).Concat(set).Where(s => s.Item2 != "on").ToList();
        return off.Count == 0 ? settings : throw new NotDurableException(off);
    }

    private const string Effective =
        "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name";

    private const string SetSomewhere =
        """
        select format('%s of %s', split_part(c, '=', 1), concat_ws(' in ', coalesce(r.rolname, 'every role'), d.datname)), split_part(c, '=', 2)
        from pg_db_role_setting s
        left join pg_roles r on r.oid = s.setrole
        left join pg_database d on d.oid = s.setdatabase
        cross join unnest(s.setconfig) c
        where split_part(c, '=', 1) in ('fsync', 'synchronous_commit', 'full_page_writes')
        """;

    private static async Task<List<(string, string)>> ReadAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(text.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<(string, string)>();
        while (await rows.ReadAsync(cancellationToken))
            read.Add((rows.GetString(0), rows.GetString(1)));
        return read;
    }
}
