using System.Diagnostics;
using Gamekeeper.Simulation.Reads.Recording;
using Npgsql;

namespace Gamekeeper.Simulation.Reads.Checking;

/// <summary>Reads what is stored, past the product and past row security.</summary>
internal static class StoredReader
{
    /// <summary>Values by the number of the subject; what is not there has none.</summary>
    public static async Task<IReadOnlyDictionary<int, int>> ReadAsync(IReadOnlyList<Subject> subjects, string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var stored = new Dictionary<int, int>();
        foreach (var ofKind in subjects.GroupBy(s => s.Kind))
        {
            var byId = ofKind.ToDictionary(s => s.Id, s => s.Number);
            await using var command = new NpgsqlCommand(Sql(ofKind.Key), connection) { Parameters = { new() { Value = byId.Keys.ToArray() } }, CommandTimeout = 300 };
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
                stored[byId[rows.GetGuid(0)]] = rows.GetInt32(1);
        }
        return stored;
    }

    private static string Sql(SubjectKind kind) =>
        kind switch
        {
            SubjectKind.Numbers => "select id, experience from summoners_grid.users where id = any ($1)",
            SubjectKind.Deck => "select id, substr(name, 2)::int from summoners_grid.decks where id = any ($1)",
            // The first card is value 0.
            SubjectKind.Cards => "select owner_id, count(*)::int - 1 from summoners_grid.card_instances where owner_id = any ($1) group by owner_id",
            SubjectKind.Session => "select id, revoked::int from core.login_sessions where id = any ($1)",
            _ => throw new UnreachableException(kind.ToString()),
        };
}
