using System.Text;
using Gamekeeper.Migrations.Linting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Migrations;

/// <summary>
/// Brings every schema of this process up to date, one runner a database at a time, as the owner role. All verbs are safe to repeat.
/// </summary>
public sealed class Migrator(ModuleCatalogue modules, IOptions<MigrationOptions> options, TimeProvider clock, IServiceProvider services)
{
    private readonly MigrationOptions _options = options.Value;
    private readonly Lazy<IReadOnlyList<MigrationFile>> _files = new(() => MigrationFiles.Load(modules.MigrationSources));

    /// <summary>Every migration that code or history knows, in the order of schemas and names.</summary>
    public async Task<IReadOnlyList<MigrationStatus>> StatusAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var history = await MigrationHistory.ReadAsync(connection, cancellationToken);
        return StatusReport.Make(modules.Schemas, _files.Value, modules.DataMigrations(), history, _options);
    }

    /// <summary>What <see cref="UpAsync"/> would run, in its order, with what each head says. Changes nothing.</summary>
    /// <exception cref="GamekeeperException"><c>migrations.changed</c>, <c>migrations.out-of-order</c>, <c>migrations.unknown-target</c>.</exception>
    public async Task<IReadOnlyList<MigrationStatus>> PlanAsync(UpRequest? request = null, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var history = await MigrationHistory.ReadAsync(connection, cancellationToken);
        var status = StatusReport.Make(modules.Schemas, _files.Value, modules.DataMigrations(), history, _options)
            .ToDictionary(s => (s.Schema, s.Name));
        return [.. Plan(history, request).Steps.Select(s => status[(s.Entry.Schema, s.Entry.Name)])];
    }

    /// <summary>Applies what is pending. Nothing pending: nothing happens.</summary>
    /// <returns>What was applied, in order.</returns>
    /// <exception cref="GamekeeperException">
    /// What <see cref="PlanAsync"/> refuses, and <c>migrations.busy</c>, <c>migrations.locked</c>, <c>migrations.failed</c>: everything
    /// applied before the failing one is kept and recorded.
    /// </exception>
    public async Task<IReadOnlyList<MigrationEvent.Applied>> UpAsync(
        UpRequest? request = null,
        IProgress<MigrationEvent>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var collected = new AppliedEvents(progress);
        await using var connection = await OpenAsync(cancellationToken);
        await RunnerLock.TakeAsync(connection, _options.WaitForRunner, clock, collected, cancellationToken);
        await MigrationHistory.EnsureAsync(connection, cancellationToken);
        var history = await MigrationHistory.ReadAsync(connection, cancellationToken);
        var earlier = history.ToDictionary(h => (h.Schema, h.Name));
        var plan = Plan(history, request);
        foreach (var row in plan.Unknown)
            collected.Report(new MigrationEvent.UnknownToThisCode(row.Schema, row.Name));
        foreach (var schema in plan.Steps.Select(s => s.Entry.Schema).Distinct())
            await EnsureSchemaAsync(connection, schema, cancellationToken);

        var sql = new SqlMigrationRun(connection, _options, clock, collected);
        var data = new DataMigrationRun(connection, clock, collected);
        foreach (var step in plan.Steps)
        {
            var row = earlier.GetValueOrDefault((step.Entry.Schema, step.Entry.Name));
            await (step is MigrationStep.Sql file
                ? sql.UpAsync(file, row, cancellationToken)
                : data.RunAsync((MigrationStep.Data)step, row, cancellationToken));
        }
        return collected.All;
    }

    /// <summary>Takes back the last files of one schema, newest first; its data goes with what the files drop.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="steps">How many files, at least one; more than there are takes back all.</param>
    public async Task<DownOutcome> DownAsync(
        string schema,
        int steps,
        IProgress<MigrationEvent>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var environment = GamekeeperEnvironments.Find(services.GetService<IHostEnvironment>(), services.GetService<IConfiguration>());
        if (!environment.IsDisposable())
            return new DownOutcome.RefusedHere(environment);
        await using var connection = await OpenAsync(cancellationToken);
        await RunnerLock.TakeAsync(connection, _options.WaitForRunner, clock, progress, cancellationToken);
        var history = await MigrationHistory.ReadAsync(connection, cancellationToken);
        var names = history.Where(h => h.Schema == schema && h.Kind == MigrationKind.Sql).Select(h => h.Name)
            .OrderDescending(StringComparer.Ordinal).Take(steps).ToList();
        var run = new SqlMigrationRun(connection, _options, clock, progress);
        foreach (var name in names)
        {
            var file = _files.Value.FirstOrDefault(f => f.Schema == schema && f.Name == name);
            if (file?.Down is not { } down)
                return new DownOutcome.NoWayBack(schema, name);
            await run.DownAsync(file, down, cancellationToken);
        }
        return new DownOutcome.TakenBack(names);
    }

    /// <summary>The SQL that <see cref="UpAsync"/> would run, for reading or for another tool. Data migrations appear as comments.</summary>
    public async Task<string> ScriptAsync(UpRequest? request = null, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var text = new StringBuilder();
        foreach (var step in Plan(await MigrationHistory.ReadAsync(connection, cancellationToken), request).Steps)
        {
            text.Append("-- ").Append(step.Entry.Schema).Append('/').Append(step.Entry.Name).Append('\n');
            text.Append(
                step switch
                {
                    MigrationStep.Sql { File: { InTransaction: true } file } => $"begin;\n{file.Up.TrimEnd()}\ncommit;\n\n",
                    MigrationStep.Sql { File: var file } => $"{file.Up.TrimEnd()}\n\n",
                    MigrationStep.Data { Migration: var migration } => $"-- a data migration, run by `migrate up`: {migration.Description}\n\n",
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
            );
        }
        return text.ToString();
    }

    /// <summary>What is wrong with the files, without a database.</summary>
    public IReadOnlyList<LintFinding> Lint() => FileLint.Check(_files.Value);

    /// <summary>What spreading the rows of this database over several servers would have to drop, read from the database as it stands.</summary>
    public async Task<IReadOnlyList<LintFinding>> LintDistributedAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        return await DistributedLint.CheckAsync(connection, modules.Schemas, cancellationToken);
    }

    private MigrationPlan Plan(IReadOnlyList<HistoryRow> history, UpRequest? request) =>
        MigrationPlan.Make(modules.Schemas, _files.Value, modules.DataMigrations(), history, _options, request ?? new UpRequest());

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_options.Problems().FirstOrDefault() is { } problem)
            throw new GamekeeperException("configuration.invalid", problem);
        return await OwnerConnection.OpenAsync(_options.ConnectionString, cancellationToken);
    }

    private static async Task EnsureSchemaAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var quoted = new NpgsqlCommand("select format('create schema if not exists %I', $1::text)", connection);
        quoted.Parameters.Add(new() { Value = schema });
        await using var command = new NpgsqlCommand((string)(await quoted.ExecuteScalarAsync(cancellationToken))!, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class AppliedEvents(IProgress<MigrationEvent>? next) : IProgress<MigrationEvent>
    {
        private readonly List<MigrationEvent.Applied> _all = [];

        public IReadOnlyList<MigrationEvent.Applied> All => _all;

        public void Report(MigrationEvent value)
        {
            if (value is MigrationEvent.Applied applied)
                _all.Add(applied);
            next?.Report(value);
        }
    }
}
