namespace Gamekeeper.Cli.Databases;

/// <summary>In whose name the database is entered.</summary>
internal enum DatabaseRole
{
    /// <summary>The server's own role: no DDL, row security applies, journals cannot be altered.</summary>
    App,

    /// <summary>Owns the schemas and runs migrations.</summary>
    Owner,

    /// <summary>Reads what is not personal.</summary>
    Readonly,

    /// <summary>Reads the journals.</summary>
    Auditor,

    /// <summary>The private cluster's administrator; there is none to be had for a database of someone else.</summary>
    Superuser,
}

internal static class DatabaseRoles
{
    /// <summary>As PostgreSQL knows it.</summary>
    public static string RoleName(this DatabaseRole role) =>
        role == DatabaseRole.Superuser ? "gamekeeper_admin" : $"gamekeeper_{role.ToString().ToLowerInvariant()}";
}
