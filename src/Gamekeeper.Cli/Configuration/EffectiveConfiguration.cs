using System.Collections;
using System.Globalization;
using Gamekeeper.Accounts;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Cli.Home;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Migrations;
using Gamekeeper.Operations.Monitoring;
using Gamekeeper.Redis;
using Gamekeeper.Scheduling;
using Gamekeeper.Storage;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Configuration;

/// <summary>Every setting this machine would start with, and where it comes from.</summary>
internal sealed class EffectiveConfiguration(GamekeeperHome home, IDictionary environment)
{
    private const string Prefix = "Gamekeeper__";
    private const string MasterKey = Prefix + "MasterKey";

    public IReadOnlyList<Setting> Settings()
    {
        List<Setting> settings =
        [
            Variable(GamekeeperHome.Variable, home.Path, "default: .gamekeeper"),
            Variable("GAMEKEEPER_POSTGRES_BIN", null, "searched for on PATH and in the usual folders"),
            Variable("GAMEKEEPER_POSTGRES_LIB", null, "the system's libraries"),
            Variable("DOTNET_ENVIRONMENT", "Development", "default of 'up'; Production where nothing is said"),
            Variable(ReachedDatabase.ApplicationVariable, null, $"the private database under {home.Path}"),
            Variable(ReachedDatabase.OwnerVariable, null, $"the private database under {home.Path}"),
            Variable("ConnectionStrings__Redis", null, "no Redis"),
        ];
        settings.AddRange(Options("Database", new GameDatabaseOptions()));
        settings.AddRange(Options("Redis", new RedisOptions()));
        settings.AddRange(Options("Accounts", new AccountOptions()));
        settings.AddRange(Options("SummonersGrid__Ratings", new RatingOptions()));
        settings.AddRange(Options("Migrations", new MigrationOptions()));
        settings.AddRange(Options("Storage", new StorageOptions { Folder = $"{home.ObjectsFolder} for the private database" }));
        settings.AddRange(Options("Checkpoints", new CheckpointOptions()));
        settings.AddRange(Options("Jobs", new JobSchedulerOptions { Node = $"{Environment.MachineName}/PROCESS" }));
        settings.AddRange(Options("Monitoring", new MonitoringOptions()));
        settings.AddRange(Others(settings));
        settings.AddRange(new Secrets(home.SecretsFolder).Names().Select(Secret));
        return settings;
    }

    // The environment wins over these files, and a database of someone's own is entered with none of them.
    private Setting Secret(string name)
    {
        var file = $"file {home.SecretsFolder}/{name}";
        var instead = name == Secrets.MasterKeyFile && IsSet(MasterKey) ? MasterKey
            : IsSet(ReachedDatabase.ApplicationVariable) ? ReachedDatabase.ApplicationVariable
            : IsSet(ReachedDatabase.OwnerVariable) ? ReachedDatabase.OwnerVariable
            : null;
        return instead is null
            ? new Setting($"secret {name}", Masking.Mask, file)
            : new Setting($"secret {name}", "(not in effect)", $"{file}; environment {instead} is set");
    }

    private bool IsSet(string name) => environment[name] is string { Length: > 0 };

    /// <summary>The documented options of one section: what the environment says, else what the code does.</summary>
    private IEnumerable<Setting> Options(string section, object defaults) =>
        defaults.GetType().GetProperties()
            .Where(property => property.CanWrite)
            .Select(property => Variable(
                $"{Prefix}{section}__{property.Name}",
                property.GetValue(defaults) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null,
                "default"));

    // Also what nobody reads: a misspelt name shows here, as one that is set and not in the documentation.
    private IEnumerable<Setting> Others(List<Setting> listed)
    {
        var known = listed.Select(s => s.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return environment.Keys.Cast<string>()
            .Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase))
            .Where(name => !known.Contains(name))
            .Order(StringComparer.Ordinal)
            .Select(name => Variable(name, null, ""));
    }

    private Setting Variable(string name, string? otherwise, string whenNotSet) =>
        environment[name] is string { Length: > 0 } value
            ? new Setting(name, Masking.Show(name, value), $"environment {name}")
            : new Setting(name, otherwise, whenNotSet);
}
