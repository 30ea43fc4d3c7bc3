namespace Gamekeeper.Accounts;

/// <summary>The published codes of refusals around accounts and sign-in; stable across versions.</summary>
public static class AccountErrors
{
    public const string Invalid = "accounts.invalid";
    public const string UsernameTaken = "accounts.username-taken";
    public const string EmailTaken = "accounts.email-taken";
    public const string NotFound = "accounts.not-found";
    public const string VersionConflict = "accounts.version-conflict";
    public const string NotAllowed = "accounts.not-allowed";
    public const string Closed = "accounts.closed";
    public const string AlreadyFrozen = "accounts.already-frozen";
    public const string NotFrozen = "accounts.not-frozen";
    public const string KeyReused = "idempotency.key-reused";
    public const string WrongCredentials = "sessions.wrong-credentials";
    public const string TooManyAttempts = "sessions.too-many-attempts";
    public const string SessionExpired = "sessions.expired";
    public const string SessionRevoked = "sessions.revoked";
    public const string SessionUnknown = "sessions.unknown";
    public const string ReuseDetected = "sessions.reuse-detected";
    public const string CodeRefused = "sessions.code-refused";
    public const string ServiceKeyUnknown = "service-keys.unknown";
}
