using Gamekeeper.Privacy;

namespace Gamekeeper.Accounts;

/// <summary>An account as its owner and operators see it. Neither password nor keys.</summary>
public sealed record Account
{
    public required Guid Id { get; init; }

    public required AccountKind Kind { get; init; }

    /// <summary>Unique whatever the case, 3 to 50 characters.</summary>
    public required string Username { get; init; }

    /// <summary>At most 100 characters; null when none was given.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Null when none was given.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>Prints itself masked; null when there is none, or when the account was erased.</summary>
    public EmailAddress? Email { get; init; }

    public required bool EmailVerified { get; init; }

    /// <summary>See <see cref="AccountRoles"/>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The player's preferences, a JSON object of at most 16 KiB.</summary>
    public required string Settings { get; init; }

    /// <summary>False once closed.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Since when it may neither give nor take; null when it is free.</summary>
    public DateTimeOffset? FrozenAt { get; init; }

    /// <summary>Why; for operators.</summary>
    public string? FrozenReason { get; init; }

    /// <summary>Grows with every change; decides which of two is newer.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Null before the first sign-in.</summary>
    public DateTimeOffset? LastLogin { get; init; }

    /// <summary>What games may know of it.</summary>
    public PublicAccount ToPublic() => new(Id, Version, Username, DisplayName, AvatarUrl, IsActive, FrozenAt);
}

/// <summary>What kind of being an account stands for.</summary>
public enum AccountKind
{
    /// <summary>Signs in with a password.</summary>
    Person,

    /// <summary>Plays without e-mail and password.</summary>
    Guest,

    /// <summary>Played by a program.</summary>
    Bot,
}

/// <summary>What an account may do beyond playing.</summary>
public static class AccountRoles
{
    /// <summary>May freeze, revoke, make service keys.</summary>
    public const string Operator = "operator";

    /// <summary>May read the trails.</summary>
    public const string Auditor = "auditor";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> All { get; } = [Operator, Auditor];
}
