namespace Gamekeeper.Migrations;

/// <summary>Puts code and history side by side.</summary>
internal static class StatusReport
{
    public static IReadOnlyList<MigrationStatus> Make(
        IReadOnlyList<string> schemas,
        IReadOnlyList<MigrationFile> files,
        IReadOnlyList<(string Schema, IDataMigration Migration)> data,
        IReadOnlyList<HistoryRow> history,
        MigrationOptions options
    )
    {
        var rows = history.ToDictionary(h => (h.Schema, h.Name));
        var last = history.Where(h => h is { Kind: MigrationKind.Sql, IsApplied: true })
            .GroupBy(h => h.Schema).ToDictionary(g => g.Key, g => g.Max(h => h.Name));
        var lines = new List<MigrationStatus>();
        foreach (var file in files)
        {
            rows.Remove((file.Schema, file.Name), out var row);
            lines.Add(Line(file.Schema, file.Name, MigrationKind.Sql, file.Phase, State(file, row, last.GetValueOrDefault(file.Schema), options), row, file.Notes));
        }
        foreach (var (schema, migration) in data)
        {
            rows.Remove((schema, migration.Name), out var row);
            lines.Add(Line(schema, migration.Name, MigrationKind.Data, MigrationPhase.Migrate, Reached(row), row, migration.Description));
        }
        lines.AddRange(rows.Values.Select(row => Line(row.Schema, row.Name, row.Kind, row.Phase, MigrationState.Unknown, row, "")));
        var order = schemas.ToList();
        return
        [
            .. lines.OrderBy(l => order.IndexOf(l.Schema) is var i and >= 0 ? i : int.MaxValue)
                .ThenBy(l => l.Schema, StringComparer.Ordinal)
                .ThenBy(l => l.Name, StringComparer.Ordinal),
        ];
    }

    private static MigrationState State(MigrationFile file, HistoryRow? row, string? last, MigrationOptions options) =>
        row is not null && row.Checksum != file.Checksum ? MigrationState.Changed
        : row is not null ? Reached(row)
        : file.SingleServerOnly && options.Distributed ? MigrationState.SkippedWhenDistributed
        : MigrationPlan.IsLate(file, last) ? MigrationState.OutOfOrder
        : MigrationState.Pending;

    private static MigrationState Reached(HistoryRow? row) =>
        row is null ? MigrationState.Pending
        : row.IsApplied ? MigrationState.Applied
        : MigrationState.Started;

    private static MigrationStatus Line(
        string schema,
        string name,
        MigrationKind kind,
        MigrationPhase phase,
        MigrationState state,
        HistoryRow? row,
        string notes
    ) =>
        new(
            schema,
            name,
            kind,
            phase,
            state,
            row?.AppliedAt,
            row?.DurationMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            row?.AppliedBy,
            row?.Progress,
            kind == MigrationKind.Data ? row?.Changed : null,
            row?.Error,
            notes
        );
}
