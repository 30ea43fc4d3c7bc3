using System.Data;
using Npgsql;

namespace Gamekeeper.Simulation.Ownership.Checking;

/// <summary>Reads what is stored in one snapshot, with statements of its own.</summary>
internal static class StoredReader
{
    private const string Accounts = "select id, username from core.accounts where username like 'proof-%' order by id";
    private const string Cards = "select id, owner_id, events from summoners_grid.card_instances order by id";
    private const string Operations = "select id, sequence, kind, event_count from summoners_grid.ownership_operations order by sequence";

    private const string Events =
        """
        select card_instance_id, position, operation_id, previous_owner_id, new_owner_id, transfer_method
        from summoners_grid.ownership_history
        order by card_instance_id, position
        """;

    private const string Trades =
        """
        select id, proposer_id, target_player_id, offered_cards, requested_cards, status, operation_id, message
        from summoners_grid.trade_proposals
        order by id
        """;

    public static async Task<Stored> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return new Stored(
            await RowsAsync(Accounts, r => new StoredAccount(r.GetGuid(0), r.GetString(1))),
            await RowsAsync(Cards, r => new StoredCard(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2))),
            await RowsAsync(Operations, r => new StoredOperation(r.GetGuid(0), r.GetInt64(1), r.GetString(2), r.GetInt32(3))),
            await RowsAsync(Events, r => new StoredEvent(r.GetGuid(0), r.GetInt32(1), r.GetGuid(2), IdOrNull(r, 3), r.GetGuid(4), r.GetString(5))),
            await RowsAsync(
                Trades,
                r => new StoredTrade(
                    r.GetGuid(0),
                    r.GetGuid(1),
                    r.GetGuid(2),
                    r.GetFieldValue<Guid[]>(3),
                    r.GetFieldValue<Guid[]>(4),
                    r.GetString(5),
                    IdOrNull(r, 6),
                    r.IsDBNull(7) ? null : r.GetString(7))));

        async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
        {
            await using var command = new NpgsqlCommand(sql, connection, snapshot) { CommandTimeout = 300 };
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var all = new List<T>();
            while (await rows.ReadAsync(cancellationToken))
                all.Add(read(rows));
            return all;
        }
    }

    private static Guid? IdOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
}
