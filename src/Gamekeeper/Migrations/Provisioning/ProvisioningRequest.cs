namespace Gamekeeper.Migrations.Provisioning;

/// <summary>What a server is to be provisioned with.</summary>
/// <param name="Database">The database to make, or to bring up to date.</param>
/// <param name="Passwords">For the roles that log in.</param>
/// <param name="AppConnections">Most connections of the application role over all processes; null (default) sets no limit.</param>
public sealed record ProvisioningRequest(string Database, RolePasswords Passwords, int? AppConnections = null);

/// <summary>Passwords in clear, hashed before they leave this process. Null leaves a role's password as it is; a role that never had one cannot log in with one.</summary>
public sealed record RolePasswords(
    string? Owner = null,
    string? App = null,
    string? Readonly = null,
    string? Backup = null,
    string? Auditor = null
)
{
    /// <summary>Says nothing of the passwords.</summary>
    public override string ToString() => nameof(RolePasswords);
}
