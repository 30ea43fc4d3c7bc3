using Gamekeeper.Migrations;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Migrations.Fixtures;

/// <summary>A table, then a column on it: the second file needs a lock that others may hold.</summary>
internal sealed class LockingModule : IGameModule
{
    private LockingModule() { }

    public static string Schema => "test_locking";

    public static void Register(ModuleRegistration module) =>
        module.Migrations(typeof(LockingModule).Assembly, "Gamekeeper.Tests.Migrations.Fixtures.Locking");
}

/// <summary>A column renamed without downtime: a new one beside it, filled in bites, then required.</summary>
internal sealed class ContractingModule : IGameModule
{
    private ContractingModule() { }

    public static string Schema => "test_contracting";

    public static void Register(ModuleRegistration module) =>
        module
            .Migrations(typeof(ContractingModule).Assembly, "Gamekeeper.Tests.Migrations.Fixtures.Contracting")
            .DataMigration<FillTitles>();
}

internal sealed class FillTitles(GameDatabase database, TimeProvider clock) : IDataMigration
{
    public string Name => "20261120300003_fill_titles";

    public string Description => "Titles from names.";

    public async Task<DataMigrationStep> StepAsync(string? progress, CancellationToken cancellationToken)
    {
        var ids = await database.WriteAsync(Actor.System(clock), (unit, ct) => unit.ListAsync(new FillNext(), ct), cancellationToken);
        return new DataMigrationStep(null, ids.Count, Done: ids.Count < 100);
    }
}

file sealed record FillNext : IQuery<FillNext, int>
{
    public static string Sql =>
        """
        update test_contracting.people
        set title = name
        where id in (select id from test_contracting.people where title is null order by id limit 100)
        returning id
        """;

    public void Bind(StatementParameters parameters) { }

    public static int Read(NpgsqlDataReader row) => row.GetInt32(0);
}

/// <summary>Three data migrations, whose bites are scripted by the test.</summary>
internal sealed class ScriptedModule : IGameModule
{
    private ScriptedModule() { }

    public static string Schema => "test_scripted";

    public static void Register(ModuleRegistration module) =>
        module.DataMigration<First>().DataMigration<Second>().DataMigration<Third>();

    internal sealed class First(Script script) : Scripted(script, "20261120400001_first");

    internal sealed class Second(Script script) : Scripted(script, "20261120400002_second");

    internal sealed class Third(Script script) : Scripted(script, "20261120400003_third");

    internal abstract class Scripted(Script script, string name) : IDataMigration
    {
        public string Name => name;

        public string Description => "Scripted.";

        public Task<DataMigrationStep> StepAsync(string? progress, CancellationToken cancellationToken) => script.StepAsync(name, progress);
    }
}

/// <summary>What the scripted migrations do: by default they are done at once.</summary>
internal sealed class Script
{
    public List<string> Calls { get; } = [];

    public Func<string, string?, Task<DataMigrationStep>> Step { get; set; } = (_, _) => Task.FromResult(new DataMigrationStep(null, 0, Done: true));

    public Task<DataMigrationStep> StepAsync(string name, string? progress)
    {
        Calls.Add($"{name[15..]} from {progress ?? "the beginning"}");
        return Step(name, progress);
    }
}
