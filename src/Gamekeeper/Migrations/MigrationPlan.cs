namespace Gamekeeper.Migrations;

/// <summary>What <c>up</c> is asked for.</summary>
/// <param name="Target">Stop after this moment of every schema: a migration's name, or its fourteen digits. Null (default) goes to the end.</param>
/// <param name="IncludeData">Run data migrations too. Default true.</param>
/// <param name="IncludeContracting">
/// Run files that take something away, and what follows them in their schema. Default true; false before the new version is on
/// every instance.
/// </param>
public sealed record UpRequest(string? Target = null, bool IncludeData = true, bool IncludeContracting = true);

/// <summary>One thing that would run.</summary>
internal abstract record MigrationStep(HistoryEntry Entry)
{
    public sealed record Sql(MigrationFile File)
        : MigrationStep(new HistoryEntry(File.Schema, File.Name, MigrationKind.Sql, File.Phase, File.Checksum));

    public sealed record Data(string Schema, IDataMigration Migration)
        : MigrationStep(new HistoryEntry(Schema, Migration.Name, MigrationKind.Data, MigrationPhase.Migrate, null));
}

/// <summary>
/// What is pending and in which order: SQL first, the core's before the games', each schema's by name; then data migrations. Only a
/// contracting file waits for the data migrations older than itself, which then run just before it.
/// </summary>
internal sealed class MigrationPlan
{
    private MigrationPlan(IReadOnlyList<MigrationStep> steps, IReadOnlyList<HistoryRow> unknown) => (Steps, Unknown) = (steps, unknown);

    public IReadOnlyList<MigrationStep> Steps { get; }

    public IReadOnlyList<HistoryRow> Unknown { get; }

    /// <exception cref="GamekeeperException">
    /// <c>migrations.changed</c>, <c>migrations.out-of-order</c>, <c>migrations.unknown-target</c>: running would be wrong.
    /// </exception>
    public static MigrationPlan Make(
        IReadOnlyList<string> schemas,
        IReadOnlyList<MigrationFile> files,
        IReadOnlyList<(string Schema, IDataMigration Migration)> data,
        IReadOnlyList<HistoryRow> history,
        MigrationOptions options,
        UpRequest request
    )
    {
        var recorded = history.ToDictionary(h => (h.Schema, h.Name));
        foreach (var file in files)
            RefuseChanged(file, recorded.GetValueOrDefault((file.Schema, file.Name)));
        var end = End(request.Target, files, data);
        bool IsPending(string schema, string name) =>
            recorded.GetValueOrDefault((schema, name)) is not { IsApplied: true } && string.CompareOrdinal(name[..14], end) <= 0;

        var steps = new List<MigrationStep>();
        var atTheEnd = new List<MigrationStep>();
        foreach (var schema in schemas)
        {
            var pending = files.Where(f => f.Schema == schema && IsPending(schema, f.Name) && !(f.SingleServerOnly && options.Distributed)).ToList();
            RefuseOutOfOrder(schema, pending, history, options);
            var pendingData = new Queue<IDataMigration>(data.Where(d => d.Schema == schema && IsPending(schema, d.Migration.Name)).Select(d => d.Migration));
            foreach (var file in pending)
            {
                if (file.Phase == MigrationPhase.Contract)
                {
                    var waitsFor = Older(pendingData, file).ToList();
                    if (!request.IncludeContracting || (waitsFor.Count > 0 && !request.IncludeData))
                        break;
                    steps.AddRange(waitsFor);
                    for (var i = 0; i < waitsFor.Count; i++)
                        pendingData.Dequeue();
                }
                steps.Add(new MigrationStep.Sql(file));
            }
            if (request.IncludeData)
                atTheEnd.AddRange(pendingData.Select(m => new MigrationStep.Data(schema, m)));
        }
        var known = files.Select(f => (f.Schema, f.Name)).Concat(data.Select(d => (d.Schema, d.Migration.Name))).ToHashSet();
        return new MigrationPlan([.. steps, .. atTheEnd], [.. history.Where(h => !known.Contains((h.Schema, h.Name)))]);
    }

    private static IEnumerable<MigrationStep> Older(Queue<IDataMigration> data, MigrationFile contracting) =>
        data.TakeWhile(m => string.CompareOrdinal(m.Name, contracting.Name) < 0)
            .Select(m => new MigrationStep.Data(contracting.Schema, m));

    private static void RefuseChanged(MigrationFile file, HistoryRow? row)
    {
        if (row is not null && row.Checksum != file.Checksum)
        {
            throw new GamekeeperException(
                "migrations.changed",
                $"{file.Title} was changed after it was applied: recorded {row.Checksum}, found {file.Checksum}. Restore the file and write the change as a new migration."
            );
        }
    }

    private static void RefuseOutOfOrder(string schema, IReadOnlyList<MigrationFile> pending, IReadOnlyList<HistoryRow> history, MigrationOptions options)
    {
        var last = history.Where(h => h.Schema == schema && h is { Kind: MigrationKind.Sql, IsApplied: true }).Max(h => h.Name);
        var late = pending.FirstOrDefault(f => IsLate(f, last));
        if (late is not null && !options.AllowOutOfOrder)
        {
            throw new GamekeeperException(
                "migrations.out-of-order",
                $"{late.Title} is older than {last}, which is already applied. Rename it to a newer moment, or allow it with Gamekeeper:Migrations:AllowOutOfOrder."
            );
        }
    }

    // What was left out while the database was distributed may follow when it no longer is.
    internal static bool IsLate(MigrationFile file, string? lastApplied) =>
        lastApplied is not null && !file.SingleServerOnly && string.CompareOrdinal(file.Name, lastApplied) < 0;

    private static string End(string? target, IReadOnlyList<MigrationFile> files, IReadOnlyList<(string Schema, IDataMigration Migration)> data)
    {
        if (target is null)
            return "99999999999999";
        var isKnown = files.Any(f => Names(f.Name, target)) || data.Any(d => Names(d.Migration.Name, target));
        return isKnown
            ? target[..14]
            : throw new GamekeeperException(
                "migrations.unknown-target",
                $"No migration is called '{target}'. Give a name from `migrate status`, or its fourteen digits."
            );
    }

    private static bool Names(string name, string target) => name == target || (target.Length == 14 && name.StartsWith(target, StringComparison.Ordinal));
}
