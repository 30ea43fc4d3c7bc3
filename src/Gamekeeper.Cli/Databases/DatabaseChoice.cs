namespace Gamekeeper.Cli.Databases;

/// <summary>Which database is meant, before anything is opened.</summary>
internal abstract record DatabaseChoice
{
    private DatabaseChoice() { }

    /// <summary>The option wins over the environment, and that over the private database.</summary>
    /// <exception cref="GamekeeperException">
    /// <c>usage.invalid</c>: the option names a file that cannot be read. <c>configuration.invalid</c>: only the owner's connection is set.
    /// </exception>
    public static DatabaseChoice Of(string? option, Func<string, string?> environment)
    {
        if (!string.IsNullOrWhiteSpace(option))
            return new Named("--connection", ConnectionText.Of(option));
        var (application, owner) = (NotEmpty(environment(ReachedDatabase.ApplicationVariable)), NotEmpty(environment(ReachedDatabase.OwnerVariable)));
        // To go to the private database all the same would change the wrong data; and data migrations enter as the application.
        if (application is null && owner is not null)
            throw new GamekeeperException(
                "configuration.invalid",
                $"{ReachedDatabase.OwnerVariable} names a database and {ReachedDatabase.ApplicationVariable} does not. Set both, or neither to work on the private one.");
        return application is null ? new Private() : new FromEnvironment(application, owner);
    }

    private static string? NotEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    /// <summary>On the command line: one connection for whatever the verb does; who names it knows the role.</summary>
    public sealed record Named(string Source, string ConnectionString) : DatabaseChoice;

    /// <summary>In the environment: the application's, and the owner's for those verbs that change the schema.</summary>
    public sealed record FromEnvironment(string Application, string? Owner) : DatabaseChoice
    {
        public string ConnectionString(DatabaseRole role) =>
            role switch
            {
                DatabaseRole.App => Application,
                DatabaseRole.Owner => Owner
                    ?? throw new GamekeeperException(
                        "configuration.invalid",
                        $"This verb needs the role that owns the schemas, and {ReachedDatabase.OwnerVariable} is not set. Set it, or name a connection with --connection."),
                _ => throw new GamekeeperException(
                    "configuration.invalid",
                    $"No connection is configured for the role {role.RoleName()}; name one with --connection."),
            };
    }

    /// <summary>Nobody named one.</summary>
    public sealed record Private : DatabaseChoice;
}
