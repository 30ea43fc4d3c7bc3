using Gamekeeper.Cli.Home;
using Gamekeeper.EmbeddedPostgres;
using Gamekeeper.Migrations.Provisioning;
using Npgsql;

namespace Gamekeeper.Cli.Databases;

/// <summary>The private PostgreSQL of a home, running for as long as this is held; one that runs already is used and left running.</summary>
internal sealed class PrivateDatabase : IAsyncDisposable
{
    /// <summary>The one database of the cluster that is ours.</summary>
    public const string Name = "gamekeeper";

    private const string KeyVariable = "Gamekeeper__MasterKey";

    private readonly GamekeeperHome _home;
    private readonly TimeProvider _clock;

    private PrivateDatabase(GamekeeperHome home, TimeProvider clock, EmbeddedPostgresServer server) =>
        (_home, _clock, Server, Secrets) = (home, clock, server, new Secrets(home.SecretsFolder));

    /// <summary>Another one after <see cref="ReviveAsync"/> when the one that died was not our own.</summary>
    public EmbeddedPostgresServer Server { get; private set; }

    public Secrets Secrets { get; }

    public static async Task<PrivateDatabase> StartAsync(GamekeeperHome home, TimeProvider clock, CancellationToken cancellationToken)
    {
        home.Create();
        return new PrivateDatabase(home, clock, await EmbeddedPostgresServer.StartAsync(Options(home, clock, null), cancellationToken));
    }

    /// <summary>How to reach it in a role, over the unix socket.</summary>
    public string ConnectionString(DatabaseRole role)
    {
        var superuser = Server.ConnectionString(Name);
        if (role == DatabaseRole.Superuser)
            return superuser;
        var name = role.RoleName();
        return new NpgsqlConnectionStringBuilder(superuser) { Username = name, Password = Secrets.RolePassword(name) }.ConnectionString;
    }

    /// <summary>Makes roles and database ready for migrations. Safe to repeat: what is there is left or brought up to date.</summary>
    public Task ProvisionAsync(CancellationToken cancellationToken) =>
        new DatabaseProvisioner(Server.ConnectionString("postgres")).ProvisionAsync(
            new ProvisioningRequest(Name, Secrets.RolePasswords()), cancellationToken);

    /// <summary>What the product is configured with to work on it.</summary>
    public IReadOnlyDictionary<string, string?> Settings() =>
        new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = ConnectionString(DatabaseRole.App),
            ["ConnectionStrings:PostgresOwner"] = ConnectionString(DatabaseRole.Owner),
            ["Gamekeeper:MasterKey"] = Environment.GetEnvironmentVariable(KeyVariable) ?? Secrets.MasterKey(),
            ["Gamekeeper:Storage:Folder"] = Environment.GetEnvironmentVariable("Gamekeeper__Storage__Folder") is { Length: > 0 } named ? named : _home.ObjectsFolder,
            // A private database is a developer's, unless the environment says what else it is.
            ["DOTNET_ENVIRONMENT"] = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Development",
        };

    /// <summary>Where the master key comes from.</summary>
    public string KeySource => Environment.GetEnvironmentVariable(KeyVariable) is null ? Path.Combine(_home.SecretsFolder, Secrets.MasterKeyFile) : KeyVariable;

    /// <summary>Starts a server that died. One that another verb had started for its own occasion is followed by one of ours.</summary>
    public async Task ReviveAsync(CancellationToken cancellationToken)
    {
        if (!Server.Adopted)
        {
            await Server.RestartAsync(cancellationToken: cancellationToken);
            return;
        }
        var port = Server.Port;
        await Server.DisposeAsync();
        Server = await EmbeddedPostgresServer.StartAsync(Options(_home, _clock, port), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static EmbeddedPostgresOptions Options(GamekeeperHome home, TimeProvider clock, int? port) =>
        new() { Directory = home.DatabaseFolder, TimeProvider = clock, Port = port };
}
