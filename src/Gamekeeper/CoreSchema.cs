namespace Gamekeeper;

/// <summary>The core's own schema: accounts, sign-in, privacy, scheduler, signing keys.</summary>
public sealed class CoreSchema : ISchemaOwner
{
    private CoreSchema() { }

    /// <inheritdoc />
    public static string Schema => "core";
}
