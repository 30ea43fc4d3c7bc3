namespace Gamekeeper.Privacy;

/// <summary>The keys that never enter the database. Bound from configuration section <c>Gamekeeper</c>; read once at start.</summary>
public sealed class MasterKeyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper";

    /// <summary>
    /// 32 random bytes in base64, from the environment (<c>Gamekeeper__MasterKey</c>) or a secret store. Required. Whoever loses it loses
    /// every e-mail address and every signing key; keep it apart from the backups.
    /// </summary>
    public string? MasterKey { get; set; }

    /// <summary>
    /// Earlier master keys, needed until the rotation says that nothing is left under them (<c>Gamekeeper__PreviousMasterKeys__0</c> …).
    /// Default none.
    /// </summary>
    public IList<string> PreviousMasterKeys { get; } = [];
}
